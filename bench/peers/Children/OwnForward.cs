using SpGpu.Gpu;
using SpGpu.Layers.Plans;
using SpGpu.Models;

namespace SpGpu.Peers.Children;

/// <summary>One run of SpGpu from the image's floats to the logits' floats at a stride of 8. The caller holds the device's gate.</summary>
internal sealed class OwnForward(SpNet net)
{
    /// <summary>Those of the last run.</summary>
    public float[] Logits { get; private set; } = [];

    public void Run(Shape shape, float[] image)
    {
        Plan plan = net.PlanFor(shape);
        plan["image"].Upload<float>(image);
        plan.Run();
        Tensor score = plan["score"];
        if (Logits.Length != score.Shape.Count)
            Logits = new float[score.Shape.Count];
        score.Download<float>(Logits);
    }
}
