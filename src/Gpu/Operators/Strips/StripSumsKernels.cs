using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <param name="X">Place of x.</param>
/// <param name="Factor">Place of what x was multiplied by, if the terms need it; likewise the next two.</param>
/// <param name="Column">Place of a column, N,C,H,1.</param>
/// <param name="Row">Place of a row, N,C,1,W.</param>
/// <param name="A">Place of the sums over W.</param>
/// <param name="B">Place of the sums over H.</param>
/// <param name="Rows">Rows of an image, C * H.</param>
/// <param name="Width">W.</param>
/// <param name="OverWidth">What the sums over W are divided by.</param>
/// <param name="OverHeight">What the sums over H are divided by.</param>
/// <param name="Height">H, and divides by it.</param>
internal readonly record struct StripSumsScalars(
    Place X, Place Factor, Place Column, Place Row, Place A, Place B, int Rows, int Width, float OverWidth, float OverHeight,
    Divisor Height);

/// <summary>How much shared memory a group asks for: what it does not need keeps other groups out.</summary>
internal interface IPlaneSize
{
    /// <summary>Floats.</summary>
    static abstract int PartialSums { get; }
}

/// <summary>Planes of up to about 97 x 97.</summary>
internal readonly struct SmallPlane : IPlaneSize
{
    public static int PartialSums => 4096;
}

/// <summary>All the shared memory that a kernel may use.</summary>
internal readonly struct LargePlane : IPlaneSize
{
    public static int PartialSums => KernelDevice.SharedMemory / sizeof(float);
}

/// <summary>
/// a N,C,H,1 = sum over W, b N,C,1,W = sum over H of a term of each element of N,C,H,W (<see cref="StripTerms"/>), divided
/// by a number: means, and the gradients of what is expanded. A group is a block of 32 columns ("lanes") by 2 or 8
/// rows of threads. Along a row, lane l sums columns l, l + 32, ... upwards, then the 32 sums are added in order; along
/// a column, thread row t sums rows t, t + 8, ... upwards, then those sums are added in order.
/// </summary>
internal static class StripSumsKernels
{
    public const int LogLanes = 5;
    public const int Lanes = 1 << LogLanes;

    // One float more than lanes, so that a thread a row finds no bank conflict.
    private const int LaneRow = Lanes + 1;

    /// <summary>Floats of shared memory that <see cref="Both"/> needs for the partial sums of a plane.</summary>
    public static long PartialSums(Shape x, int groupSize) => (long)x.H * LaneRow + (long)(groupSize >> LogLanes) * x.W;

    /// <summary>Both sums; grid (channels, images), a plane a group.</summary>
    [Kernel(typeof(SmallPlane), typeof(StripTerms.Plain)), Kernel(typeof(LargePlane), typeof(StripTerms.Plain))]
    [Kernel(typeof(SmallPlane), typeof(StripTerms.ReluGradient)), Kernel(typeof(LargePlane), typeof(StripTerms.ReluGradient))]
    [Kernel(typeof(SmallPlane), typeof(StripTerms.GateGradient)), Kernel(typeof(LargePlane), typeof(StripTerms.GateGradient))]
    internal static void Both<TPlane, TTerm>(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, ArrayView<float> rows,
        ArrayView<float> a, ArrayView<float> b, StripSumsScalars s)
        where TPlane : struct, IPlaneSize
        where TTerm : struct, IStripTerm
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(TPlane.PartialSums);
        int lane = Group.IdxX & (Lanes - 1);
        int first = Group.IdxX >> LogLanes;
        int step = Group.DimX >> LogLanes;
        int height = s.Height.Value;
        int below = height * LaneRow;
        int own = below + first * s.Width;
        var elements = new StripElements(x, factor, columns, rows, s, Grid.IdxY, Grid.IdxX);

        // Each cell of shared memory has one writer until the barrier.
        for (int w = lane; w < s.Width; w += Lanes)
            shared[own + w] = 0f;
        for (int h = first; h < height; h += step)
        {
            float sum = 0f;
            for (int w = lane; w < s.Width; w += Lanes)
            {
                float value = TTerm.Of(elements, h, w);
                sum += value;
                shared[own + w] += value;
            }
            shared[h * LaneRow + lane] = sum;
        }
        KernelMath.Barrier();

        for (int h = Group.IdxX; h < height; h += Group.DimX)
        {
            float sum = 0f;
            for (int l = 0; l < Lanes; l++)
                sum += shared[h * LaneRow + l];
            a[s.A.Image(Grid.IdxY) + Grid.IdxX * height + h] = KernelMath.Divide(sum, s.OverWidth);
        }
        for (int w = Group.IdxX; w < s.Width; w += Group.DimX)
        {
            float sum = 0f;
            for (int t = 0; t < step; t++)
                sum += shared[below + t * s.Width + w];
            b[s.B.Image(Grid.IdxY) + Grid.IdxX * s.Width + w] = KernelMath.Divide(sum, s.OverHeight);
        }
    }

    /// <summary>The sum over W; grid (rows of an image by the thread rows of a group, images).</summary>
    [Kernel(typeof(StripTerms.Plain)), Kernel(typeof(StripTerms.ReluGradient)), Kernel(typeof(StripTerms.GateGradient))]
    internal static void OverWidth<TTerm>(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, ArrayView<float> rows,
        ArrayView<float> a, ArrayView<float> b, StripSumsScalars s)
        where TTerm : struct, IStripTerm
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>((KernelDevice.MostThreads >> LogLanes) * LaneRow);
        int lane = Group.IdxX & (Lanes - 1);
        int first = Grid.IdxX * (Group.DimX >> LogLanes);
        int row = Group.IdxX >> LogLanes;
        float sum = 0f;
        if (first + row < s.Rows)
        {
            int channel = s.Height.Quotient(first + row);
            var elements = new StripElements(x, factor, columns, rows, s, Grid.IdxY, channel);
            for (int w = lane; w < s.Width; w += Lanes)
                sum += TTerm.Of(elements, first + row - channel * s.Height.Value, w);
        }
        sums[row * LaneRow + lane] = sum;
        KernelMath.Barrier();
        row = Group.IdxX;
        if (row < (Group.DimX >> LogLanes) && first + row < s.Rows)
        {
            sum = 0f;
            for (int l = 0; l < Lanes; l++)
                sum += sums[row * LaneRow + l];
            a[s.A.Image(Grid.IdxY) + first + row] = KernelMath.Divide(sum, s.OverWidth);
        }
    }

    /// <summary>The sum over H; grid (columns by 32, channels, images).</summary>
    [Kernel(typeof(StripTerms.Plain)), Kernel(typeof(StripTerms.ReluGradient)), Kernel(typeof(StripTerms.GateGradient))]
    internal static void OverHeight<TTerm>(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, ArrayView<float> rows,
        ArrayView<float> a, ArrayView<float> b, StripSumsScalars s)
        where TTerm : struct, IStripTerm
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int column = Grid.IdxX * Lanes + (Group.IdxX & (Lanes - 1));
        int step = Group.DimX >> LogLanes;
        float sum = 0f;
        if (column < s.Width)
        {
            var elements = new StripElements(x, factor, columns, rows, s, Grid.IdxZ, Grid.IdxY);
            for (int h = Group.IdxX >> LogLanes; h < s.Height.Value; h += step)
                sum += TTerm.Of(elements, h, column);
        }
        sums[Group.IdxX] = sum;
        KernelMath.Barrier();
        if (Group.IdxX < Lanes && column < s.Width)
        {
            sum = 0f;
            for (int t = 0; t < step; t++)
                sum += sums[t * Lanes + Group.IdxX];
            b[s.B.Image(Grid.IdxZ) + Grid.IdxY * s.Width + column] = KernelMath.Divide(sum, s.OverHeight);
        }
    }
}
