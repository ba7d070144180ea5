using System.Numerics;
using System.Runtime.InteropServices;

namespace SpGpu.Layers;

/// <summary>Finds numbers that make a network's results meaningless without any operator noticing.</summary>
public static class WeightValues
{
    /// <summary>What is wrong with the values of a parameter; null where nothing is.</summary>
    /// <param name="name">Its state-dict name: a variance cannot be negative.</param>
    /// <param name="values">All of its values, or some.</param>
    public static string? Problem(string name, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AreFinite(values))
            return "holds NaN or infinity";
        return name.EndsWith(".running_var", StringComparison.Ordinal) && values.ContainsAnyExceptInRange(0, float.MaxValue)
            ? "holds a negative variance"
            : null;
    }

    /// <summary>Throws for a parameter that cannot be used.</summary>
    /// <exception cref="WeightsException">It holds integers, NaN, infinity or a negative variance.</exception>
    internal static void Check(string name, HostTensor tensor)
    {
        if (tensor.Data is not float[] values)
            throw new WeightsException($"'{name}' holds integers where floats are needed; save it as float32");
        if (Problem(name, values) is string problem)
            throw new WeightsException($"'{name}' {problem}; take weights from before training went wrong, or copy the file again");
    }

    /// <summary>Adds up x - x, which is 0 for every number and NaN for all else.</summary>
    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        Vector<float> sums = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (Vector<float> vector in vectors)
            sums += vector - vector;
        float sum = Vector.Sum(sums);
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
            sum += value - value;
        return sum == 0;
    }
}
