using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
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

    /// <summary>
    /// The network with its last biases shifted so that each class's logits have mean zero: random weights as they are
    /// let one class win nearly everywhere.
    /// </summary>
    public static string WriteBalanced(TemporaryFolder folder, int classes = 5)
    {
        const string Bias = "head.score_layer.4.bias";
        const int Side = 48;
        StateDict state = State(classes);
        using var device = Device.Open("cpu");
        using var raw = new SpNet(Architecture(classes), state, device);
        byte[] pixels = Picture(Side, Side).Pixels;
        float[] image = [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[3 * (i % (Side * Side)) + i / (Side * Side)] / 57f - 2)];
        float[] logits = raw.Forward(new HostTensor(image, 1, 3, Side, Side)).Floats;
        float[] bias = [.. state[Bias].Floats.Select((b, c) => b - logits.Skip(c * Side * Side).Take(Side * Side).Average())];
        state[Bias] = new HostTensor(bias, classes);
        SafeTensors.Write(folder.File("balanced.safetensors"), state);
        return folder.File("balanced.safetensors");
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
