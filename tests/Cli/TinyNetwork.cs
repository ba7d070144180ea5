using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Tests;

/// <summary>A network that takes a few milliseconds, as a file, and pictures for it.</summary>
internal static class TinyNetwork
{
    public static SpNetArchitecture Architecture(int classes) =>
        SpNetArchitecture.Of(classes, stem: [4, 4, 8], planes: [4, 4, 8, 8], blocks: [1, 2, 1, 1]) with { Auxiliary = false };

    public static StateDict State(int classes) => Initializer.Initialize(SpNetGraph.Build(Architecture(classes)), seed: 3);

    public static string Write(TemporaryFolder folder, int classes = 5, string name = "tiny.safetensors")
    {
        SafeTensors.Write(folder.File(name), State(classes));
        return folder.File(name);
    }

    /// <summary>A picture of smooth colours and some noise.</summary>
    public static RgbImage Picture(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        var random = new Random(width + height);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(255 * i / pixels.Length / 2 + random.Next(128));
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }

    public static string WritePicture(TemporaryFolder folder, string name, int width = 33, int height = 25)
    {
        string path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Picture(width, height).Write(path);
        return path;
    }
}
