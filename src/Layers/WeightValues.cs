using System.Numerics;
using System.Runtime.InteropServices;

namespace SpGpu.Layers;

/// <summary>Finds numbers that make a network's results meaningless without any operator noticing.</summary>
internal static class WeightValues
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
