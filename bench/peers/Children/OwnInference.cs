using SpGpu.Gpu;
using SpGpu.Models;

namespace SpGpu.Peers.Children;

/// <summary>Times SpGpu in this process, from the image's floats to the logits' floats at a stride of 8.</summary>
internal static class OwnInference
{
    public static void Run(InferenceWords words)
    {
        using Device device = Device.Open("cpu", new() { Threads = words.Threads, Winograd = words.Winograd });
        using var net = SpNet.Load(words.Model, device);
        var forward = new OwnForward(net);
        float[] image = FloatFile.Read(words.Input);
        var shape = new Shape(1, 3, words.Size.Height, words.Size.Width);
        lock (device.Lock)
        {
            TimedRuns.Measure(() => forward.Run(shape, image), words.WarmUps, words.Timed);
            TimedRuns.End($"SpGpu, {device.Description}{(words.Winograd ? "" : ", without Winograd")}");
        }
        FloatFile.Write(words.Logits, forward.Logits);
    }
}
