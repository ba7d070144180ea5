using SpGpu.Checks;

namespace SpGpu.Gpu.Tests;

/// <summary>Random tensors of doubles for <see cref="Claim"/>.</summary>
internal sealed class Numbers(ulong seed)
{
    private readonly SplitMix _random = new(seed);

    public static Samples Fill(Shape shape, Func<int, double> value) =>
        new([.. Enumerable.Range(0, (int)shape.Count).Select(value)], shape);

    public static Samples Zeros(Shape shape) => Fill(shape, _ => 0);

    public int Below(int limit) => _random.Below(limit);

    /// <summary>Between -2 and 2.</summary>
    public Samples Uniform(Shape shape) => Between(shape, -2, 2);

    public Samples Between(Shape shape, double low, double high) =>
        Fill(shape, _ => low + (high - low) * ((_random.Next() >> 11) * (1.0 / (1L << 53))));

    /// <summary>Multiples of an eighth plus <paramref name="shift"/>.</summary>
    public Samples Eighths(Shape shape, double shift) => Fill(shape, _ => (_random.Below(33) - 16) / 8.0 + shift);

    /// <summary>No two within a hundredth of each other, nor one of zero.</summary>
    public Samples Distinct(Shape shape)
    {
        double[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(rank => (rank + 0.25 - shape.Count / 2) / 50)];
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = _random.Below(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
        return new Samples(values, shape);
    }

    /// <summary>Labels below <paramref name="classes"/>, one in eight ignored; the first is 0, so that one counts.</summary>
    public Samples Labels(Shape map, int classes, byte ignored) =>
        Fill(map, pixel => pixel == 0 ? 0 : _random.Below(8) == 0 ? ignored : _random.Below(classes));
}
