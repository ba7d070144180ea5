using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>A parameter or buffer that a graph expects in its state dict.</summary>
/// <param name="Name">PyTorch's key.</param>
/// <param name="Shape">Its extents; empty for a scalar.</param>
/// <param name="IsInteger">Whether it holds a 64-bit integer (num_batches_tracked).</param>
public sealed record ParameterInfo(string Name, IReadOnlyList<int> Shape, bool IsInteger = false)
{
    /// <summary>Groups of the convolution that it is the filter of, a depthwise 1x1 one where it has one extent; 0 for all else.</summary>
    internal int Groups { get; init; }

    /// <summary>The number of its elements.</summary>
    internal int Count => Shape.Aggregate(1, (product, extent) => checked(product * extent));

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
    /// <summary>What batch norm multiplies by, adds, and takes the mean and the variance for.</summary>
    private static readonly string[] _foldable = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>
    /// The name of the filter where a state dict has it as a vector: what a depthwise 1x1 convolution multiplies channels by, the
    /// weight of a norm of single images or a layer scale. Null for all others.
    /// </summary>
    public string? Factors { get; init; }

    /// <summary>The state-dict name of a parameter of a convolution or a batch norm that stands alone.</summary>
    public string Key(string parameter) =>
        parameter == "weight" && Factors is not null ? Factors : $"{Convolution ?? BatchNorm}.{parameter}";

    /// <summary>The parameters that the operator expects.</summary>
    public IEnumerable<ParameterInfo> Expected(Specification specification)
    {
        if (specification is Convolution c)
        {
            int[] filter = [c.OutChannels, c.GroupChannels, c.Kernel.Height, c.Kernel.Width];
            yield return new(Key("weight"), Factors is null ? filter : [c.OutChannels]) { Groups = c.Groups };
            if (HasBias)
                yield return new($"{Convolution}.bias", [c.OutChannels]);
        }
        else if (specification is BatchNorm b)
        {
            foreach (string name in _foldable)
                yield return new($"{BatchNorm}.{name}", [b.Channels]);
            yield return new($"{BatchNorm}.num_batches_tracked", [], IsInteger: true);
        }
    }

    /// <summary>The tensors that <see cref="Pack"/> reads.</summary>
    public IEnumerable<string> Needed =>
    [
        .. Convolution is null ? [] : (string[])[Key("weight")],
        .. HasBias ? (string[])[$"{Convolution}.bias"] : [],
        .. BatchNorm is null ? [] : _foldable.Select(suffix => $"{BatchNorm}.{suffix}"),
    ];

    /// <summary>Puts the parameters on a device; folding is done in double precision.</summary>
    /// <exception cref="WeightsException">One cannot be used.</exception>
    public PackedWeights Pack(Operators operators, Specification specification, ParameterReader reader)
    {
        (double[] factors, double[] offsets) = BatchNorm is null ? default : Fold(reader);
        if (specification is BatchNorm)
            return operators.Pack(specification, ToSingle(factors), ToSingle(offsets));
        float[] bias = Bias(reader, factors, offsets) ?? new float[((Convolution)specification).OutChannels];
        return operators.Pack(specification, Filter(reader, factors), bias);
    }

    /// <summary>The filter of a convolution, with the batch norm folded in; it lasts until the next tensor is read.</summary>
    /// <exception cref="WeightsException">It cannot be used.</exception>
    public ReadOnlySpan<float> Filter(ParameterReader reader) => Filter(reader, BatchNorm is null ? null : Fold(reader).Factors);

    /// <summary>The bias of a convolution, with the batch norm folded in; null where it has neither.</summary>
    /// <exception cref="WeightsException">It cannot be used.</exception>
    public float[]? Bias(ParameterReader reader)
    {
        (double[] factors, double[] offsets) = BatchNorm is null ? default : Fold(reader);
        return Bias(reader, factors, offsets);
    }

    private Span<float> Filter(ParameterReader reader, double[]? factors)
    {
        Span<float> filter = reader.Read(Key("weight"));
        if (factors is null)
            return filter;
        int depth = filter.Length / factors.Length;
        for (int i = 0; i < filter.Length; i++)
            filter[i] = (float)(filter[i] * factors[i / depth]);
        return filter;
    }

    private float[]? Bias(ParameterReader reader, double[]? factors, double[]? offsets)
    {
        float[]? bias = HasBias ? reader.Read($"{Convolution}.bias").ToArray() : null;
        return factors is null || offsets is null
            ? bias
            : [.. offsets.Select((offset, o) => (float)((bias?[o] ?? 0) * factors[o] + offset))];
    }

    private (double[] Factors, double[] Offsets) Fold(ParameterReader reader)
    {
        float[][] norm = [.. _foldable.Select(suffix => reader.Read($"{BatchNorm}.{suffix}").ToArray())];
        var factors = new double[norm[0].Length];
        var offsets = new double[norm[0].Length];
        for (int i = 0; i < factors.Length; i++)
            (factors[i], offsets[i]) = Gpu.BatchNorm.Fold(norm[0][i], norm[1][i], norm[2][i], norm[3][i]);
        return (factors, offsets);
    }

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);
}
