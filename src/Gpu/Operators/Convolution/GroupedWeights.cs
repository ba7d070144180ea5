namespace SpGpu.Gpu;

/// <summary>The parameters of a convolution in groups: those of each group, packed by themselves.</summary>
internal sealed class GroupedWeights : PackedWeights
{
    private readonly PackedWeights[] _groups;

    public GroupedWeights(Device device, Convolution convolution, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        Convolution one = convolution.OfOneGroup;
        (int weights, int biases) = (weight.Length / convolution.Groups, bias.Length / convolution.Groups);
        _groups = new PackedWeights[convolution.Groups];
        try
        {
            for (int g = 0; g < _groups.Length; g++)
                _groups[g] = device.Operators.Pack(one, weight.Slice(g * weights, weights), bias.Slice(g * biases, biases));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Those of a group.</summary>
    public PackedWeights this[int group] => _groups[group];

    private protected override void Dispose(bool disposing)
    {
        foreach (PackedWeights? group in _groups)
            group?.Dispose();
    }
}
