using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// What the gradient of a batch norm over all processes lacks when mean and variance have been taken for constants: with the
/// sums of dy and of dy * xh over all batches, n values a channel, <c>dx = g * dy - g * (sum(dy) + xh * sum(dy * xh)) / n</c>, where
/// g = gamma / sqrt(variance + eps). The second part is a <see cref="BatchNormTransform"/> of x, whose factors this makes.
/// <para>Inputs: the sums of this process, sum(dy * xh) and sum(dy), variance, gamma. Outputs: factor and offset; dgamma and dbeta, to
/// which the sums of this process are added. All 1,C,1,1.</para>
/// </summary>
/// <param name="Group">The processes.</param>
/// <param name="Count">The values of a channel in this process's batch: N*H*W.</param>
internal sealed record GroupNormSums(IProcessGroup Group, int Count) : HostStep
{
    public override string Name => "batch norm sums of all";

    public override bool Updates(int output) => output > 1;

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 4);
        return [.. inputs];
    }

    internal override void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int channels = inputs[0].Shape.C;
        float[] mine = [.. inputs[0].ToHost(), .. inputs[1].ToHost()];
        float[] variance = inputs[2].ToHost(), gamma = inputs[3].ToHost();
        double[] sums = Group.SumOf<double>([.. mine.Select(value => (double)value)]);
        double count = (double)Count * Group.Count;
        var parts = new float[2][];
        for (int part = 0; part < parts.Length; part++)
        {
            parts[part] = [.. Enumerable.Range(0, channels).Select(
                c => (float)(-gamma[c] / Math.Sqrt(variance[c] + BatchNorm.Epsilon) * sums[part * channels + c] / count))];
            outputs[part].Upload<float>(parts[part]);
            float[] gradient = outputs[2 + part].ToHost();
            for (int c = 0; c < channels; c++)
                gradient[c] += mine[part * channels + c];
            outputs[2 + part].Upload<float>(gradient);
        }
    }
}
