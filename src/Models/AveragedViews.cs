using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// The other road from pixels to labels: at each scale the picture is resized, shown through overlapping windows (or
/// whole), mirrored too if asked, and the softmax of all views is averaged pixel by pixel, as the official test
/// procedure does. The caller resizes these maps to the picture's own size and sums them
/// (<see cref="ProbabilityMap.ArgMax"/>).
/// <para>Memory: the device holds one map at a time, 4 bytes x classes x pixels of the padded picture at the largest
/// scale, beside the plan for one view; the host holds the maps of all scales. Both follow from the scales and the
/// working resolution; nothing but the picture's bytes and labels grows with its own size.</para>
/// </summary>
internal sealed class AveragedViews(Network network, int classes) : IDisposable
{
    private readonly Device _device = network.Device;
    private DeviceMemory? _memory;
    private bool _running;

    /// <summary>Looks at a picture at every scale. The caller holds the device's gate.</summary>
    public IReadOnlyList<ProbabilityMap> Run(RgbImage image, SegmentOptions options)
    {
        _running = true;
        try
        {
            return [.. options.Scales.Select(scale => Look(new ScaledPicture(image, Working(image, scale, options)), options))];
        }
        finally
        {
            _running = false;
        }
    }

    /// <summary>Gives back memory that is not in use.</summary>
    public void GiveUp()
    {
        if (!_running)
            Dispose();
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }

    /// <summary>The longer side becomes scale x base size, the other follows; both rounded half to even.</summary>
    private static Size2D Working(RgbImage image, double scale, SegmentOptions options)
    {
        int longer = Math.Max(image.Height, image.Width);
        int own = options.LongSide == 0 ? longer : Math.Min(longer, options.LongSide);
        int target = Rounded(scale * (options.BaseSize > 0 ? options.BaseSize : own));
        return new(Side(image.Height), Side(image.Width));

        int Side(int extent) => extent == longer ? target : Rounded(target / (double)longer * extent);

        static int Rounded(double extent) => Math.Max(1, (int)Math.Round(extent, MidpointRounding.ToEven));
    }

    private ProbabilityMap Look(ScaledPicture picture, SegmentOptions options)
    {
        Size2D window = options.Window == 0 ? picture.Size : options.Window;
        var rows = new WindowAxis(picture.Size.Height, window.Height);
        var columns = new WindowAxis(picture.Size.Width, window.Width);
        Size2D padded = (rows.Extent, columns.Extent);
        Plan plan = network.PlanFor(("image", new Shape(1, 3, window.Height, window.Width)));
        bool[] views = options.Flip ? [false, true] : [false];
        Operation[] accumulate = [.. views.Select(mirrored =>
            _device.Operators.Prepare(new AccumulateProbabilities(window, padded, mirrored), [plan["score"].Shape]))];
        Tensor map = Cleared(new Shape(1, classes, padded.Height, padded.Width));
        var pixels = new float[3 * window.Height * window.Width];
        foreach (int top in rows.Starts)
        {
            foreach (int left in columns.Starts)
            {
                Tensor target = map with { Offset = top * padded.Width + left };
                for (int i = 0; i < views.Length; i++)
                {
                    picture.Cut(top - rows.Padding, left - columns.Padding, window, views[i], pixels);
                    plan["image"].Upload<float>(pixels);
                    plan.Run();
                    accumulate[i].Run([plan["score"]], [target]);
                }
            }
        }
        return Download(map, rows, columns);
    }

    /// <summary>A map of zeros, in the memory of the map before it where that is large enough.</summary>
    private Tensor Cleared(Shape shape)
    {
        int length = Tensor.Words(shape.Checked("the map of probabilities"), DataType.Float32);
        if (_memory is null || _memory.Length < length)
        {
            Dispose();
            _memory = _device.Allocate(length);
        }
        _memory.Clear();
        return new Tensor(_memory, shape);
    }

    /// <summary>The picture's part of a map, every sum divided by its number of windows.</summary>
    private ProbabilityMap Download(Tensor map, WindowAxis rows, WindowAxis columns)
    {
        float[] down = rows.Shares(), across = columns.Shares();
        var values = GC.AllocateUninitializedArray<float>(classes * rows.Picture * columns.Picture);
        var plane = new float[map.Shape.Plane];
        int to = 0;
        for (int c = 0; c < classes; c++)
        {
            (map with { Offset = c * map.Shape.Plane, Shape = map.Shape with { C = 1 } }).Download<float>(plane);
            for (int y = rows.Padding; y < rows.Padding + rows.Picture; y++)
            {
                for (int x = columns.Padding; x < columns.Padding + columns.Picture; x++)
                    values[to++] = plane[y * columns.Extent + x] * (down[y] * across[x]);
            }
        }
        return new ProbabilityMap(classes, (rows.Picture, columns.Picture), values);
    }
}
