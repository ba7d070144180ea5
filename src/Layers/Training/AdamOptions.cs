namespace SpGpu.Layers;

/// <summary>The constants of Adam; those of PyTorch where nothing is said.</summary>
public sealed record AdamOptions
{
    /// <summary>What a step leaves of the first moment, from 0 and below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>What a step leaves of the second moment, from 0 and below 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>What keeps the quotient finite, above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Throws unless steps stay numbers.</summary>
    /// <exception cref="ConfigurationException">The message says why they would not.</exception>
    internal void Check()
    {
        if (!(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1))
            throw new ConfigurationException(
                FormattableString.Invariant($"betas {Beta1} and {Beta2}; give two numbers from 0 and below 1"));
        if (!(Epsilon > 0 && float.IsFinite(Epsilon)))
            throw new ConfigurationException(FormattableString.Invariant($"an epsilon of {Epsilon}; give a number above 0"));
    }
}
