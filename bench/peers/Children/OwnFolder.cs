using SpGpu.Data;
using SpGpu.Data.Transforms;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Peers.Children;

/// <summary>
/// Times SpGpu on a folder of pictures in this process, one pass after some pictures to warm up: from files to label maps as
/// files, or the network alone on the same pictures.
/// </summary>
internal static class OwnFolder
{
    public static void Run(FolderWords words)
    {
        using Device device = Device.Open("cpu", new() { Threads = words.Threads });
        string[] pictures = [.. Directory.GetFiles(words.Pictures).Order(StringComparer.Ordinal)];
        if (words.ComputeOnly)
            Compute(words.Model, device, pictures, words.WarmUps);
        else
            Segment(words.Model, device, pictures, words.Labels, words.WarmUps);
        TimedRuns.End($"SpGpu, {device.Description}");
    }

    private static void Segment(string model, Device device, string[] pictures, string folder, int warmUps)
    {
        using var net = SpNet.Load(model, device);
        var palette = Palette.Distinct(net.Architecture.Classes);
        Pass(pictures, SegmentAll, warmUps);

        void SegmentAll(IReadOnlyList<string> files)
        {
            var reader = new PictureReader(files);
            foreach (string file in files)
            {
                LabelMap map = net.Segment(reader.Take());
                reader.Begin();
                map.Write(Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(file)}.png"), palette);
            }
        }
    }

    private static void Compute(string model, Device device, string[] pictures, int warmUps)
    {
        using var forward = new OwnForward(model, device);
        HostTensor[] images = [.. pictures.Select(picture => Normalised(RgbImage.Read(picture)))];
        Pass(images, ForwardAll, warmUps);

        void ForwardAll(IReadOnlyList<HostTensor> all)
        {
            foreach (HostTensor image in all)
                forward.Run(image);
        }
    }

    private static void Pass<T>(T[] pictures, Action<IReadOnlyList<T>> run, int warmUps)
    {
        run(pictures[..1]);
        TimedRuns.First();
        run([.. Enumerable.Range(1, warmUps).Select(i => pictures[i % pictures.Length])]);
        TimedRuns.Time(() => run(pictures));
    }

    private static HostTensor Normalised(RgbImage image)
    {
        var unlabelled = new LabelMap(new byte[image.Width * image.Height], image.Width, image.Height);
        return new HostTensor(new LabelledPicture(image, unlabelled).Normalize().Image, 1, 3, image.Height, image.Width);
    }
}
