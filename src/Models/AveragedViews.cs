using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// The other road from pixels to labels: at each scale the picture is resized, shown through overlapping windows (or
/// whole), mirrored too if asked, and the softmax of all views is averaged pixel by pixel; these probabilities are resized
/// to the picture's own size and summed over the scales, as the official test procedure does.
/// <para>Memory: the sums at every scale, 4 bytes x classes x pixels of the padded picture. Together they stay on the
/// device up to <paramref name="mostOnDevice"/>; beyond, all but the one at hand wait on the host, with the same result.
/// Sums at the picture's own size exist for a band of rows alone.</para>
/// </summary>
/// <param name="network">The network.</param>
/// <param name="mostOnDevice">Sums that may be on the device beside those at hand; 2^29 are 2 GiB.</param>
internal sealed class AveragedViews(PictureNetwork network, long mostOnDevice = 1 << 29)
{
    /// <summary>Sums in a band, unless a single row has more: 16 MiB.</summary>
    private const int BandLength = 1 << 22;

    private readonly Device _device = network.Device;
    private readonly int _classes = network.Classes;

    /// <summary>The class of every pixel, with its probability where that is asked for. The caller holds the device's lock.</summary>
    public LabelMap Run(RgbImage image, SegmentOptions options, CancellationToken cancellation)
    {
        var maps = new List<ProbabilityMap>();
        try
        {
            Size2D[] sizes = [.. options.Scales.Select(scale => Working(image, scale, options))];
            long pixels = sizes.Sum(size => (long)Math.Max(size.Height, options.Window) * Math.Max(size.Width, options.Window));
            foreach (Size2D size in sizes)
            {
                maps.Add(Look(new ScaledPicture(image, size, network.Conventions.Colours), options, cancellation));
                if (_classes * pixels > mostOnDevice)
                    maps[^1].MoveToHost();
            }
            network.Return();
            LabelMap labels = Labels(maps, image, options, cancellation);
            ScoreCheck.ThrowIfOverflown(labels.Labels, () => maps.Select(map => map.Download()));
            return labels;
        }
        finally
        {
            maps.ForEach(map => map.Dispose());
        }
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

    /// <summary>Shows the network a scaled picture and sums the probabilities of all views.</summary>
    private ProbabilityMap Look(ScaledPicture picture, SegmentOptions options, CancellationToken cancellation)
    {
        Size2D window = network.Conventions.Sizes.AtLeast(options.Window == 0 ? picture.Size : options.Window);
        var rows = new WindowAxis(picture.Size.Height, window.Height);
        var columns = new WindowAxis(picture.Size.Width, window.Width);
        Plan plan = network.PlanFor(new Shape(1, 3, window.Height, window.Width));
        bool[] views = options.Flip ? [false, true] : [false];
        Operation[] accumulate = [.. views.Select(mirrored => _device.Operators.Prepare(
            new AccumulateProbabilities(window, (rows.Extent, columns.Extent), mirrored, network.Conventions.Resize),
            [network.Scores(plan).Shape]))];
        var pixels = new float[3 * window.Height * window.Width];
        var map = new ProbabilityMap(_device, _classes, rows, columns);
        try
        {
            foreach (int top in rows.Starts)
            {
                foreach (int left in columns.Starts)
                {
                    for (int i = 0; i < views.Length; i++)
                    {
                        picture.Cut(top - rows.Padding, left - columns.Padding, window, views[i], pixels);
                        network.Pictures(plan).Upload<float>(pixels);
                        plan.Run(cancellation);
                        accumulate[i].Run([network.Scores(plan)], [map.At(top, left)]);
                    }
                }
            }
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>The first class with the largest sum over the maps, a band of rows at a time.</summary>
    private LabelMap Labels(List<ProbabilityMap> maps, RgbImage image, SegmentOptions options, CancellationToken cancellation)
    {
        Size2D picture = (image.Height, image.Width);
        int height = Math.Clamp(BandLength / (_classes * picture.Width), 1, picture.Height);
        Tensor band = default, found = default;
        try
        {
            band = Tensor.Allocate(_device, new Shape(1, _classes, height, picture.Width));
            found = Tensor.Allocate(_device, new Shape(1, 1, height, picture.Width), DataType.UInt8);
            Operation argMax = _device.Operators.Prepare(new ArgMaxUpsampled((height, picture.Width)), [band.Shape]);
            maps.ForEach(map => map.Prepare(picture, height));
            var labels = new byte[picture.Height * picture.Width];
            float[]? confidence = options.Confidence ? new float[labels.Length] : null;
            float[] sums = options.Confidence ? new float[band.Shape.Count] : [];
            for (int done = 0; done < picture.Height; done += height)
            {
                cancellation.ThrowIfCancellationRequested();
                // The last band goes back over rows that are done.
                int first = Math.Min(done, picture.Height - height);
                band.Memory.Clear();
                maps.ForEach(map => map.AddTo(band, first));
                argMax.Run([band], [found]);
                Range rows = (first * picture.Width)..((first + height) * picture.Width);
                found.Download<byte>(labels.AsSpan(rows));
                if (confidence is null)
                    continue;
                band.Download<float>(sums);
                Pick(sums, labels.AsSpan(rows), maps.Count * (options.Flip ? 2 : 1), confidence.AsSpan(rows));
            }
            return new LabelMap(labels, picture.Width, picture.Height) { Confidence = confidence };
        }
        finally
        {
            band.Memory?.Dispose();
            found.Memory?.Dispose();
        }
    }

    /// <summary>Of the sums of each class those of the labels, as means over so many views.</summary>
    private static void Pick(ReadOnlySpan<float> sums, ReadOnlySpan<byte> labels, int views, Span<float> confidence)
    {
        for (int i = 0; i < labels.Length; i++)
            confidence[i] = Math.Min(1, sums[labels[i] * labels.Length + i] / views);
    }
}
