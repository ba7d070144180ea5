using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>What a <see cref="SegmentationFrame"/> is made for.</summary>
internal sealed record FrameKey(Size2D Working, Size2D Output, int Window, bool Flip);

/// <summary>
/// Device memory and operations for pictures of one size. Without windows and flip the logits go straight to the
/// arg-max; otherwise the probabilities of all views are summed in a map first; a picture smaller than a window is
/// padded with the mean colour (<see cref="WindowGrid"/>). With windows the labels are taken at the working resolution,
/// where every pixel's sum has its own number of views, and repeated where the picture was reduced.
/// </summary>
internal sealed class SegmentationFrame : IDisposable
{
    private static readonly byte[] _meanColour = [.. ColourStatistics.ImageNet.Mean.Select(mean => (byte)MathF.Round(mean))];

    private readonly Size2D _view;
    private readonly WindowGrid _grid;
    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly Tensor _probabilities;
    private readonly byte[] _viewPixels;
    private readonly byte[] _mapLabels = [];
    private readonly Operation[] _normalize;
    private readonly Operation[] _accumulate = [];
    private readonly Operation _argMax;

    public SegmentationFrame(Device device, FrameKey key, int classes)
    {
        Key = key;
        _view = key.Window == 0 ? key.Working : key.Window;
        _grid = new WindowGrid(key.Working, _view);
        var viewShape = new Shape(1, 3, _view.Height, _view.Width);
        var mapShape = new Shape(1, classes, _grid.Map.Height, _grid.Map.Width);
        bool isSummed = key.Window != 0 || key.Flip;
        try
        {
            _pixels = Tensor.Allocate(device, viewShape, DataType.UInt8);
            Size2D labelled = key.Window == 0 ? key.Output : _grid.Map;
            _labels = Tensor.Allocate(device, new Shape(1, 1, labelled.Height, labelled.Width), DataType.UInt8);
            if (key.Window != 0)
                _mapLabels = new byte[_grid.Map.Height * _grid.Map.Width];
            _viewPixels = new byte[viewShape.Count];
            bool[] mirrored = key.Flip ? [false, true] : [false];
            _normalize = [.. mirrored.Select(m => device.Operators.Prepare(new NormalizeRgb(ColourStatistics.ImageNet, m), [viewShape]))];
            Shape score = new(1, classes, Stride8(_view.Height), Stride8(_view.Width));
            if (isSummed)
            {
                _probabilities = Tensor.Allocate(device, mapShape);
                _accumulate = [.. mirrored.Select(m => device.Operators.Prepare(new AccumulateProbabilities(_view, _grid.Map, m), [score]))];
            }
            _argMax = device.Operators.Prepare(new ArgMaxUpsampled(labelled), [isSummed ? mapShape : score]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public FrameKey Key { get; }

    /// <summary>Segments one picture of the working size. The caller holds the device's gate.</summary>
    public void Run(Network network, RgbImage image, byte[] labels)
    {
        Plan plan = network.PlanFor(("image", new Shape(1, 3, _view.Height, _view.Width)));
        Tensor scores = _accumulate.Length == 0 ? plan["score"] : _probabilities;
        if (_accumulate.Length == 0)
        {
            Show(plan, image.Pixels, 0);
        }
        else
        {
            _probabilities.Memory.Clear();
            foreach (int top in _grid.Tops)
            {
                foreach (int left in _grid.Lefts)
                    Add(plan, image, top, left);
            }
        }
        _argMax.Run([scores], [_labels]);
        byte[] found = Key.Window == 0 ? labels : _mapLabels;
        _labels.Download<byte>(found);
        ScoreCheck.ThrowIfOverflown(found, () =>
        {
            var values = new float[scores.Shape.Count];
            scores.Download<float>(values);
            return [values];
        });
        if (Key.Window != 0)
            Spread(labels);
    }

    public void Dispose()
    {
        _pixels.Memory?.Dispose();
        _labels.Memory?.Dispose();
        _probabilities.Memory?.Dispose();
    }

    private void Add(Plan plan, RgbImage image, int top, int left)
    {
        Cut(image, top, left);
        Tensor target = _probabilities with { Offset = top * _grid.Map.Width + left };
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

    /// <summary>Takes the labels of the picture out of those of the padded map, at the picture's own size.</summary>
    private void Spread(byte[] labels)
    {
        for (int y = 0; y < Key.Output.Height; y++)
        {
            int row = _grid.PadTop + (int)((y + 0.5) * Key.Working.Height / Key.Output.Height);
            for (int x = 0; x < Key.Output.Width; x++)
            {
                int column = _grid.PadLeft + (int)((x + 0.5) * Key.Working.Width / Key.Output.Width);
                labels[y * Key.Output.Width + x] = _mapLabels[row * _grid.Map.Width + column];
            }
        }
    }

    /// <summary>Copies one window of the padded picture; the padding before the picture is half of it, rounded down.</summary>
    private void Cut(RgbImage image, int top, int left)
    {
        for (int y = 0; y < _view.Height; y++)
        {
            int sourceY = top + y - _grid.PadTop;
            for (int x = 0; x < _view.Width; x++)
            {
                int sourceX = left + x - _grid.PadLeft;
                bool inside = sourceY >= 0 && sourceY < image.Height && sourceX >= 0 && sourceX < image.Width;
                ReadOnlySpan<byte> colour = inside ? image.Pixels.AsSpan(3 * (sourceY * image.Width + sourceX), 3) : _meanColour;
                colour.CopyTo(_viewPixels.AsSpan(3 * (y * _view.Width + x), 3));
            }
        }
    }

    /// <summary>The extent of the score map: three times halved, rounded up.</summary>
    private static int Stride8(int extent) => (((extent + 1) / 2 + 1) / 2 + 1) / 2;
}
