using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The mean and the biased variance over the batches of all processes of a group, from those of each (Chan, Golub and LeVeque 1979:
/// squared deviations are added, not squares, which cancel). All batches are of one size. Inputs and outputs: mean, variance
/// (1,C,1,1 each).
/// </summary>
internal sealed record GroupStatistics(IProcessGroup Group) : HostStep
{
    public override string Name => "batch statistics of all";

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        return [inputs[0], inputs[1]];
    }

    internal override void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int channels = inputs[0].Shape.C;
        float[] all = Group.GatherOf<float>([.. inputs[0].ToHost(), .. inputs[1].ToHost()]);
        var means = new float[channels];
        var variances = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double mean = 0, variance = 0;
            for (int at = c; at < all.Length; at += 2 * channels)
                mean += all[at];
            mean /= Group.Count;
            for (int at = c; at < all.Length; at += 2 * channels)
                variance += all[at + channels] + (all[at] - mean) * (all[at] - mean);
            (means[c], variances[c]) = ((float)mean, (float)(variance / Group.Count));
        }
        outputs[0].Upload<float>(means);
        outputs[1].Upload<float>(variances);
    }
}
