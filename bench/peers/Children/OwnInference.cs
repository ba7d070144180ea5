using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Peers.Children;

/// <summary>Times SpGpu in this process, from the image's floats to the logits' floats at a stride of 8.</summary>
internal static class OwnInference
{
    public static void Run(InferenceWords words)
    {
        using Device device = Device.Open("cpu", new() { Threads = words.Threads, Winograd = words.Winograd });
        using var forward = new OwnForward(words.Model, device);
        var image = new HostTensor(FloatFile.Read(words.Input), 1, 3, words.Size.Height, words.Size.Width);
        TimedRuns.Measure(() => forward.Run(image), words.WarmUps, words.Timed);
        TimedRuns.End($"SpGpu, {device.Description}{(words.Winograd ? "" : ", without Winograd")}");
        FloatFile.Write(words.Logits, forward.Logits);
    }
}
