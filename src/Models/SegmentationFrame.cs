using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>What a <see cref="SegmentationFrame"/> is made for.</summary>
internal sealed record FrameKey(Size2D Working, Size2D Output, int Window, bool Flip);

/// <summary>
/// Device memory and operations for pictures of one size. Without windows and flip the logits go straight to the
/// arg-max; otherwise the probabilities of all views are summed in a map first (section 5 of the official test
/// procedure: windows of one size, overlapping by a third, the last of a row shifted back; the picture padded with the
/// mean colour where it is smaller than a window).
/// </summary>
internal sealed class SegmentationFrame : IDisposable
{
    private static readonly byte[] MeanColour = [.. NormalizeRgb.Mean.Select(mean => (byte)MathF.Round(mean))];

    private readonly Device _device;
    private readonly Size2D _view;
    private readonly Size2D _map;
    private readonly int _classes;
    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly Tensor _probabilities;
    private readonly byte[] _viewPixels;
    private readonly Operation[] _normalize;
    private readonly Operation[] _accumulate = [];
    private readonly Operation _argMax;

    public SegmentationFrame(Device device, FrameKey key, int classes)
    {
        Key = key;
        _device = device;
        _classes = classes;
        _view = key.Window == 0 ? key.Working : key.Window;
        // The padded picture: at least one window.
        _map = new(Math.Max(key.Working.Height, _view.Height), Math.Max(key.Working.Width, _view.Width));
        var viewShape = new Shape(1, 3, _view.Height, _view.Width);
        var mapShape = new Shape(1, classes, _map.Height, _map.Width);
        bool isSummed = key.Window != 0 || key.Flip;
        _pixels = Tensor.Allocate(device, viewShape, DataType.UInt8);
        _labels = Tensor.Allocate(device, new Shape(1, 1, key.Output.Height, key.Output.Width), DataType.UInt8);
        _viewPixels = new byte[viewShape.Count];
        bool[] mirrored = key.Flip ? [false, true] : [false];
        _normalize = [.. mirrored.Select(m => device.Operators.Prepare(new NormalizeRgb(m), [viewShape]))];
        Shape score = new(1, classes, Stride8(_view.Height), Stride8(_view.Width));
        if (isSummed)
        {
            _probabilities = Tensor.Allocate(device, mapShape);
            _accumulate = [.. mirrored.Select(m => device.Operators.Prepare(new AccumulateProbabilities(_view, _map, m), [score]))];
        }
        _argMax = device.Operators.Prepare(new ArgMaxUpsampled(key.Output), [isSummed ? mapShape : score]);
    }

    public FrameKey Key { get; }

    /// <summary>Segments one picture of the working size. The caller holds the device's gate.</summary>
    public void Run(Network network, RgbImage image, byte[] labels)
    {
        Plan plan = network.PlanFor(("image", new Shape(1, 3, _view.Height, _view.Width)));
        if (_accumulate.Length == 0)
        {
            Show(plan, image.Pixels, 0);
            _argMax.Run([plan["score"]], [_labels]);
        }
        else
        {
            _probabilities.Memory.Clear();
            foreach (int top in Starts(_map.Height, _view.Height))
            {
                foreach (int left in Starts(_map.Width, _view.Width))
                    Add(plan, image, top, left);
            }
            _argMax.Run([_probabilities], [_labels]);
        }
        _labels.Download<byte>(labels);
    }

    public void Dispose()
    {
        _pixels.Memory.Dispose();
        _labels.Memory.Dispose();
        _probabilities.Memory?.Dispose();
    }

    private void Add(Plan plan, RgbImage image, int top, int left)
    {
        Cut(image, top, left);
        Tensor target = _probabilities with { Offset = top * _map.Width + left };
        for (int i = 0; i < _accumulate.Length; i++)
        {
            Show(plan, _viewPixels, i);
            _accumulate[i].Run([plan["score"]], [target]);
        }
    }

    private void Show(Plan plan, byte[] pixels, int variant)
    {
        _pixels.Upload<byte>(pixels);
        _normalize[variant].Run([_pixels], [plan["image"]]);
        plan.Run();
    }

    /// <summary>Copies one window of the padded picture; the padding before the picture is half of it, rounded down.</summary>
    private void Cut(RgbImage image, int top, int left)
    {
        int padTop = (_map.Height - image.Height) / 2;
        int padLeft = (_map.Width - image.Width) / 2;
        for (int y = 0; y < _view.Height; y++)
        {
            int sourceY = top + y - padTop;
            for (int x = 0; x < _view.Width; x++)
            {
                int sourceX = left + x - padLeft;
                bool inside = sourceY >= 0 && sourceY < image.Height && sourceX >= 0 && sourceX < image.Width;
                ReadOnlySpan<byte> colour = inside ? image.Pixels.AsSpan(3 * (sourceY * image.Width + sourceX), 3) : MeanColour;
                colour.CopyTo(_viewPixels.AsSpan(3 * (y * _view.Width + x), 3));
            }
        }
    }

    /// <summary>Where windows start along one axis: two thirds of a window apart, the last one shifted back.</summary>
    private static IEnumerable<int> Starts(int extent, int window)
    {
        int stride = (2 * window + 2) / 3;
        int count = (extent - window + stride - 1) / stride + 1;
        return Enumerable.Range(0, count).Select(i => Math.Min(i * stride, extent - window));
    }

    /// <summary>The extent of the score map: three times halved, rounded up.</summary>
    private static int Stride8(int extent) => (((extent + 1) / 2 + 1) / 2 + 1) / 2;
}
