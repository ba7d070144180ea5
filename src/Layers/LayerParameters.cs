using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>A parameter or buffer that a graph expects in its state dict.</summary>
/// <param name="Name">PyTorch's key.</param>
/// <param name="Shape">Its extents; empty for a scalar.</param>
/// <param name="IsInteger">Whether it holds a 64-bit integer (num_batches_tracked).</param>
public sealed record ParameterInfo(string Name, IReadOnlyList<int> Shape, bool IsInteger = false);

/// <summary>
/// The parameters of one operator by state-dict prefix: a convolution's weight and bias, a batch norm's five
/// tensors, or a convolution with the batch norm that follows folded in.
/// </summary>
/// <param name="Convolution">The prefix of the convolution; null for a batch norm alone.</param>
/// <param name="HasBias">Whether the convolution has a bias of its own.</param>
/// <param name="BatchNorm">The prefix of the batch norm; null for a convolution alone.</param>
internal sealed record LayerParameters(string? Convolution, bool HasBias, string? BatchNorm)
{
    /// <summary>The state-dict name of a parameter of a convolution or a batch norm that stands alone.</summary>
    public string Key(string parameter) => $"{Convolution ?? BatchNorm}.{parameter}";

    /// <summary>The parameters that the operator expects.</summary>
    public IEnumerable<ParameterInfo> Expected(Specification specification)
    {
        if (specification is Convolution c)
        {
            yield return new($"{Convolution}.weight", [c.OutChannels, c.InChannels, c.Kernel.Height, c.Kernel.Width]);
            if (HasBias)
                yield return new($"{Convolution}.bias", [c.OutChannels]);
        }
        else if (specification is BatchNorm b)
        {
            foreach (string name in (string[])["weight", "bias", "running_mean", "running_var"])
                yield return new($"{BatchNorm}.{name}", [b.Channels]);
            yield return new($"{BatchNorm}.num_batches_tracked", [], IsInteger: true);
        }
    }

    /// <summary>Puts the parameters on a device; folding is done in double precision.</summary>
    public Weights Pack(Operators operators, Specification specification, StateDict state)
    {
        if (specification is BatchNorm)
        {
            (double[] factors, double[] offsets) = Fold(state);
            return operators.Pack(specification, ToSingle(factors), ToSingle(offsets));
        }
        float[] weight = state[$"{Convolution}.weight"].Floats;
        float[] bias = HasBias ? state[$"{Convolution}.bias"].Floats : new float[((Convolution)specification).OutChannels];
        if (BatchNorm is not null)
        {
            (double[] factors, double[] offsets) = Fold(state);
            int depth = weight.Length / bias.Length;
            weight = [.. weight];
            for (int i = 0; i < weight.Length; i++)
                weight[i] = (float)(weight[i] * factors[i / depth]);
            bias = [.. bias.Select((b, o) => (float)(b * factors[o] + offsets[o]))];
        }
        return operators.Pack(specification, weight, bias);
    }

    private (double[] Factors, double[] Offsets) Fold(StateDict state)
    {
        float[] gamma = state[$"{BatchNorm}.weight"].Floats;
        float[] beta = state[$"{BatchNorm}.bias"].Floats;
        float[] mean = state[$"{BatchNorm}.running_mean"].Floats;
        float[] variance = state[$"{BatchNorm}.running_var"].Floats;
        var factors = new double[gamma.Length];
        var offsets = new double[gamma.Length];
        for (int i = 0; i < gamma.Length; i++)
            (factors[i], offsets[i]) = Gpu.BatchNorm.Fold(gamma[i], beta[i], mean[i], variance[i]);
        return (factors, offsets);
    }

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);
}
