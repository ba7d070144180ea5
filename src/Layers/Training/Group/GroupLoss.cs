using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The loss over the batches of all processes, from each one's loss and the sum of its weights: the mean by weight, and all the
/// weights. With it in place of their own, the gradients of the processes add up to that of one batch. Input and output: 1,1,1,2.
/// </summary>
internal sealed record GroupLoss(IProcessGroup Group) : HostStep
{
    public override string Name => "loss of all";

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [inputs[0]];
    }

    internal override void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        float[] all = Group.GatherOf<float>(inputs[0].ToHost());
        double sum = 0, weight = 0;
        for (int at = 0; at < all.Length; at += 2)
        {
            // Where every pixel is ignored the loss is NaN.
            if (all[at + 1] != 0)
                sum += (double)all[at] * all[at + 1];
            weight += all[at + 1];
        }
        outputs[0].Upload<float>([weight == 0 ? float.NaN : (float)(sum / weight), (float)weight]);
    }
}
