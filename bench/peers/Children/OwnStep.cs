using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Children;

/// <summary>Times SpGpu's training step in this process.</summary>
internal static class OwnStep
{
    public static void Run(StepOptions options)
    {
        // Other devices take no number of threads; PyTorch beside them does.
        using Device device = Device.Open(options.Device, new() { Threads = options.Device == "cpu" ? options.Runs.Threads : 0 });
        var architecture = SpNetArchitecture.SpNet50(options.Classes);
        ITensorSource state = Initializer.Initialize(architecture.Build(), seed: 1);
        using var step = new TimedStep(architecture, state, device, options.Batch, options.Size);
        TimedRuns.Measure(Step, options.WarmUps - 1, options.Steps);
        TimedRuns.End($"SpGpu, {device.Description}");

        void Step()
        {
            step.Accumulate();
            step.Update();
        }
    }
}
