using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>A parameter or buffer that a graph expects in its state dict.</summary>
/// <param name="Name">PyTorch's key.</param>
/// <param name="Shape">Its extents; empty for a scalar.</param>
/// <param name="IsInteger">Whether it holds a 64-bit integer (num_batches_tracked).</param>
public sealed record ParameterInfo(string Name, IReadOnlyList<int> Shape, bool IsInteger = false)
{
    /// <summary>Whether gradients change it: neither a count nor a running statistic.</summary>
    public bool IsTrained => !IsInteger
        && !Name.EndsWith(".running_mean", StringComparison.Ordinal) && !Name.EndsWith(".running_var", StringComparison.Ordinal);
}

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
    public PackedWeights Pack(Operators operators, Specification specification, StateDict state)
    {
        if (specification is BatchNorm)
        {
            (double[] factors, double[] offsets) = Fold(state);
            return operators.Pack(specification, ToSingle(factors), ToSingle(offsets));
        }
        return operators.Pack(specification, Filter(state), Bias(state) ?? new float[((Convolution)specification).OutChannels]);
    }

    /// <summary>The filter of a convolution, with the batch norm folded in.</summary>
    public float[] Filter(StateDict state)
    {
        float[] filter = state[$"{Convolution}.weight"].Floats;
        if (BatchNorm is null)
            return filter;
        double[] factors = Fold(state).Factors;
        int depth = filter.Length / factors.Length;
        var folded = new float[filter.Length];
        for (int i = 0; i < folded.Length; i++)
            folded[i] = (float)(filter[i] * factors[i / depth]);
        return folded;
    }

    /// <summary>The bias of a convolution, with the batch norm folded in; null where it has neither.</summary>
    public float[]? Bias(StateDict state)
    {
        float[]? bias = HasBias ? state[$"{Convolution}.bias"].Floats : null;
        if (BatchNorm is null)
            return bias;
        (double[] factors, double[] offsets) = Fold(state);
        return [.. offsets.Select((offset, o) => (float)((bias?[o] ?? 0) * factors[o] + offset))];
    }

    /// <summary>Takes the filter out of the state dict; returns the number of its elements, 0 where there is none.</summary>
    public int Remove(StateDict state)
    {
        string name = Key("weight");
        int count = Convolution is not null && state.TryGet(name, out HostTensor? filter) ? filter.Count : 0;
        if (count > 0)
            state.Remove(name);
        return count;
    }

    /// <summary>Throws unless the state dict has every parameter in its shape, with numbers that can be used.</summary>
    /// <exception cref="WeightsException">One is missing, has another shape or holds NaN.</exception>
    public void Check(IReadOnlyDictionary<string, ParameterInfo> expected, StateDict state)
    {
        string?[] prefixes = [Convolution, BatchNorm];
        foreach (string prefix in prefixes.OfType<string>())
        {
            foreach (string suffix in (string[])["weight", "bias", "running_mean", "running_var"])
            {
                if (!expected.TryGetValue($"{prefix}.{suffix}", out ParameterInfo? parameter))
                    continue;
                HostTensor tensor = state[parameter.Name];
                if (!tensor.Shape.SequenceEqual(parameter.Shape))
                {
                    throw new WeightsException(
                        $"'{parameter.Name}' has shape {HostTensor.Describe(tensor.Shape)}, " +
                        $"{HostTensor.Describe(parameter.Shape)} is needed; check that the weights are for this model");
                }
                WeightValues.Check(parameter.Name, tensor);
            }
        }
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
