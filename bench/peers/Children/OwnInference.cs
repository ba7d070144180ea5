using SpGpu.Gpu;
using SpGpu.Layers.Plans;
using SpGpu.Models;

namespace SpGpu.Peers.Children;

/// <summary>Times SpGpu in this process, from the image's floats to the logits' floats at a stride of 8.</summary>
internal static class OwnInference
{
    public static void Run(InferenceWords words)
    {
        using Device device = Device.Open("cpu", words.Threads, words.Winograd);
        using var net = SpNet.Load(words.Model, device);
        float[] image = FloatFile.Read(words.Input), logits = [];
        var shape = new Shape(1, 3, words.Size.Height, words.Size.Width);
        lock (device.Gate)
        {
            TimedRuns.Measure(Forward, words.WarmUps, words.Timed);
            TimedRuns.End($"SpGpu, {device.Description}{(words.Winograd ? "" : ", without Winograd")}");
        }
        FloatFile.Write(words.Logits, logits);

        void Forward()
        {
            Plan plan = net.PlanFor(shape);
            plan["image"].Upload<float>(image);
            plan.Run();
            Tensor score = plan["score"];
            if (logits.Length == 0)
                logits = new float[score.Shape.Count];
            score.Download<float>(logits);
        }
    }
}
