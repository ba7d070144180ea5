using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Gathers the pixels under a convolution's taps into panels: for each step k = (in, kh, kw) the
/// <see cref="Microkernel.Columns"/> source pixels of a panel of output pixels, zero where the tap lies in the padding.
/// </summary>
internal sealed unsafe class ConvolutionSource(Convolution convolution, Shape input, Shape output)
{
    /// <summary>Masks of fewer columns of taps fit the scratch memory behind a line.</summary>
    private const int MostColumns = 16;

    /// <summary>How many channels ahead a 1x1 convolution asks for a large input.</summary>
    private const int PrefetchedChannels = 8;

    /// <summary>Whether source and output rows are equally long, so that a tap is a shift of the whole plane.</summary>
    private readonly bool _isShift = convolution is { ExpandAddRelu: false, Stride: { Height: 1, Width: 1 } } && input.W == output.W
        && convolution.Kernel.Width < MostColumns;

    private readonly int _taps = convolution.Kernel.Height * convolution.Kernel.Width;

    private readonly long _ahead = input.Count > PanelScratch.NearLength ? (long)PrefetchedChannels * input.Plane : 0;

    /// <summary>Whether the only tap is the pixel itself.</summary>
    public bool IsPlain { get; } =
        !convolution.ExpandAddRelu && convolution.Kernel == 1 && convolution.Stride == 1 && convolution.Padding == 0
            && input.W == output.W;

    /// <summary>The taps whose rows lie inside the image for some output pixel of [firstPixel, firstPixel + pixels).</summary>
    public ConvolutionTaps TapsInside(int firstPixel, int pixels)
    {
        long above = convolution.Padding.Height - (long)((firstPixel + pixels - 1) / output.W) * convolution.Stride.Height;
        long below = convolution.Padding.Height - (long)(firstPixel / output.W) * convolution.Stride.Height + input.H;
        int height = convolution.Kernel.Height;
        int first = (int)Math.Clamp(CeilingDivide(above, convolution.Dilation.Height), 0, height);
        int last = (int)Math.Clamp(CeilingDivide(below, convolution.Dilation.Height), first, height);
        return new ConvolutionTaps(_taps, first * convolution.Kernel.Width, last * convolution.Kernel.Width);
    }

    /// <summary>Packs those of the steps [depth, depth + steps) for output pixels [firstPixel, firstPixel + pixels).</summary>
    /// <param name="image">The image's first plane; with expand-add-relu, of the column tensor.</param>
    /// <param name="rowImage">With expand-add-relu the image's first plane of the row tensor.</param>
    /// <param name="depth">The first step.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="taps">The taps of the steps that are packed.</param>
    /// <param name="firstPixel">The first output pixel.</param>
    /// <param name="pixels">The number of output pixels.</param>
    /// <param name="panels">The panels that hold them.</param>
    /// <param name="scratch">Where the panels go.</param>
    public void Pack(
        float* image, float* rowImage, int depth, int steps, ConvolutionTaps taps, int firstPixel, int pixels, int panels,
        PanelScratch scratch)
    {
        int packed = taps.Count(depth, steps);
        float* target = scratch.Packed;
        float* line = scratch.Line;
        float* inside = line + panels * Microkernel.Columns;
        // The line ends with zeros up to a whole panel; gathering below overwrites only what comes before.
        new Span<float>(line + pixels, panels * Microkernel.Columns - pixels).Clear();
        if (_isShift)
            FindInside(firstPixel, panels * Microkernel.Columns, inside);
        int channel = depth / _taps;
        int tap = depth - channel * _taps;
        for (int k = 0; k < steps; k++, tap++)
        {
            if (tap == _taps)
                (tap, channel) = (0, channel + 1);
            if (!taps.Contains(tap))
                continue;
            int tapRow = tap / convolution.Kernel.Width;
            int tapColumn = tap - tapRow * convolution.Kernel.Width;
            long rowStart = firstPixel + ((long)tapRow * convolution.Dilation.Height - convolution.Padding.Height) * input.W;
            long start = rowStart + (long)tapColumn * convolution.Dilation.Width - convolution.Padding.Width;
            // Within the plane neither the copy nor what the masks let through leaves it.
            if (IsPlain && start + panels * Microkernel.Columns <= input.Plane)
                CopyPanels(image + (long)channel * input.Plane + start, panels, target, packed, _ahead);
            else if (_isShift && Math.Min(rowStart, start) >= 0 && Math.Max(rowStart, start) + panels * Microkernel.Columns <= input.Plane)
                CopyInside(image + (long)channel * input.Plane + start, inside + tapColumn * panels * Microkernel.Columns, panels,
                    target, packed);
            else
            {
                Gather(image, rowImage, channel, tap, firstPixel, pixels, line);
                CopyPanels(line, panels, target, packed, 0);
            }
            target += Microkernel.Columns;
        }
    }

    /// <summary>For each column of taps and each pixel all bits where the tap lies in the source's row, none beside it.</summary>
    private void FindInside(int firstPixel, int pixels, float* inside)
    {
        var width = new Vector<int>(input.W);
        for (int j = 0; j < pixels; j += Vector<int>.Count)
        {
            Vector<int> x = new Vector<int>((firstPixel + j) % input.W) + Vector<int>.Indices;
            while (Vector.GreaterThanOrEqualAny(x, width))
                x -= Vector.GreaterThanOrEqual(x, width) & width;
            for (int column = 0; column < convolution.Kernel.Width; column++)
            {
                Vector<int> source = x + new Vector<int>(column * convolution.Dilation.Width - convolution.Padding.Width);
                (Vector.GreaterThanOrEqual(source, Vector<int>.Zero) & Vector.LessThan(source, width))
                    .Store((int*)inside + column * pixels + j);
            }
        }
    }

    /// <summary>One tap of one channel straight from the source, with zeros beside its rows.</summary>
    private static void CopyInside(float* source, float* inside, int panels, float* target, int steps)
    {
        for (int p = 0; p < panels; p++)
        {
            for (int j = 0; j < Microkernel.Columns; j += Vector<float>.Count)
                (Vector.Load(source + j) & Vector.Load(inside + j)).Store(target + j);
            source += Microkernel.Columns;
            inside += Microkernel.Columns;
            target += steps * Microkernel.Columns;
        }
    }

    /// <summary>
    /// One tap of one channel from a line. Asks for what lies <paramref name="ahead"/>: the processor does not foresee
    /// the next channels by itself, they are on other pages.
    /// </summary>
    private static void CopyPanels(float* line, int panels, float* target, int steps, long ahead)
    {
        for (int p = 0; p < panels; p++)
        {
            for (int j = 0; Sse.IsSupported && ahead > 0 && j < Microkernel.Columns; j += TileStore.LineLength)
                Sse.Prefetch0(line + ahead + j);
            for (int j = 0; j < Microkernel.Columns; j += Vector<float>.Count)
                Vector.Load(line + j).Store(target + j);
            line += Microkernel.Columns;
            target += steps * Microkernel.Columns;
        }
    }

    /// <summary>One tap of one channel for a run of output pixels.</summary>
    public void Gather(float* image, float* rowImage, int channel, int tap, int firstPixel, int pixels, float* line)
    {
        int tapRow = tap / convolution.Kernel.Width;
        int tapColumn = tap - tapRow * convolution.Kernel.Width;
        int rowOffset = tapRow * convolution.Dilation.Height - convolution.Padding.Height;
        int columnOffset = tapColumn * convolution.Dilation.Width - convolution.Padding.Width;
        if (_isShift)
            GatherShifted(image + (long)channel * input.Plane, rowOffset, columnOffset, firstPixel, pixels, line);
        else
            GatherRows(image, rowImage, channel, rowOffset, columnOffset, firstPixel, pixels, line);
    }

    /// <summary>Copies the run at once, then clears what the copy took from the neighbouring row instead of the padding.</summary>
    private void GatherShifted(float* plane, int rowOffset, int columnOffset, int firstPixel, int pixels, float* line)
    {
        int width = input.W;
        long shift = (long)rowOffset * width + columnOffset;
        int end = firstPixel + pixels;
        int low = (int)Math.Clamp(-Math.Min(shift, (long)rowOffset * width), firstPixel, end);
        int high = (int)Math.Clamp(input.Plane - Math.Max(shift, (long)rowOffset * width), low, end);
        new Span<float>(line, low - firstPixel).Clear();
        new ReadOnlySpan<float>(plane + low + shift, high - low).CopyTo(new Span<float>(line + low - firstPixel, high - low));
        new Span<float>(line + high - firstPixel, end - high).Clear();
        if (columnOffset == 0)
            return;
        // Outputs [first, first + count) of each row lie beside the source.
        int count = Math.Min(Math.Abs(columnOffset), width);
        int first = columnOffset < 0 ? 0 : width - count;
        for (int start = low / width * width + first; start < high; start += width)
        {
            for (int i = Math.Max(start, low); i < Math.Min(start + count, high); i++)
                line[i - firstPixel] = 0;
        }
    }

    /// <summary>Row by row, which any stride and padding allow.</summary>
    private void GatherRows(
        float* image, float* rowImage, int channel, int rowOffset, int columnOffset, int firstPixel, int pixels, float* line)
    {
        int strideX = convolution.Stride.Width;
        int y = firstPixel / output.W;
        int x = firstPixel - y * output.W;
        while (pixels > 0)
        {
            int count = Math.Min(pixels, output.W - x);
            int sourceY = y * convolution.Stride.Height + rowOffset;
            // Outputs [low, high) of this run read inside the row: 0 <= x * stride + offset < W.
            int low = (int)Math.Clamp(CeilingDivide(-columnOffset, strideX) - x, 0, count);
            int high = sourceY < 0 || sourceY >= input.H
                ? low
                : (int)Math.Clamp(CeilingDivide((long)input.W - columnOffset, strideX) - x, low, count);
            new Span<float>(line, low).Clear();
            if (high > low)
            {
                int sourceX = (x + low) * strideX + columnOffset;
                if (convolution.ExpandAddRelu)
                    AddRelu(image[(long)channel * input.H + sourceY], rowImage + (long)channel * input.W + sourceX, strideX, line + low,
                        high - low);
                else
                    Copy(image + (long)channel * input.Plane + (long)sourceY * input.W + sourceX, strideX, line + low, high - low);
            }
            new Span<float>(line + high, count - high).Clear();
            line += count;
            pixels -= count;
            x = 0;
            y++;
        }
    }

    private static void Copy(float* source, int stride, float* target, int count)
    {
        if (stride == 1)
        {
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            return;
        }
        if (stride == 2)
        {
            Lanes.Even(source, target, count);
            return;
        }
        for (int i = 0; i < count; i++)
            target[i] = source[(long)i * stride];
    }

    private static void AddRelu(float column, float* row, int stride, float* target, int count)
    {
        int i = 0;
        if (stride == 1)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                SimdMath.Relu(new Vector<float>(column) + Vector.Load(row + i)).Store(target + i);
        }
        for (; i < count; i++)
        {
            float sum = column + row[(long)i * stride];
            target[i] = sum < 0 ? 0 : sum;
        }
    }

    private static long CeilingDivide(long a, int b) => a >= 0 ? (a + b - 1) / b : -(-a / b);
}
