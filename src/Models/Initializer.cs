using System.Text;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The official initial values, from a seed: the backbone's convolutions from N(0, 2 / (kh * kw * out)), everything
/// else PyTorch's default U(-1, 1) / sqrt(fan-in); batch norm at 1 and 0. Each tensor has its own stream of numbers,
/// keyed by seed and name, so that it does not depend on what else the network holds.
/// </summary>
public static class Initializer
{
    /// <summary>Values for every parameter and buffer of a graph.</summary>
    public static StateDict Initialize(Graph graph, int seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        var state = new StateDict();
        foreach (ParameterInfo parameter in graph.Parameters)
            state[parameter.Name] = parameter.IsInteger ? new HostTensor(new long[1]) : new HostTensor(Values(parameter, shapes, seed), parameter.Shape);
        return state;
    }

    private static float[] Values(ParameterInfo parameter, Dictionary<string, IReadOnlyList<int>> shapes, int seed)
    {
        var values = new float[parameter.Shape.Aggregate(1, (product, extent) => product * extent)];
        string prefix = parameter.Name[..parameter.Name.LastIndexOf('.')];
        IReadOnlyList<int> weight = parameter.Name.EndsWith("running_mean", StringComparison.Ordinal) ? [] : shapes[$"{prefix}.weight"];
        if (weight.Count != 4)
        {
            // Batch norm: gamma and the variance are 1, beta and the mean 0.
            if (parameter.Name.EndsWith(".weight", StringComparison.Ordinal) || parameter.Name.EndsWith("running_var", StringComparison.Ordinal))
                Array.Fill(values, 1f);
            return values;
        }
        ulong stream = Key(parameter.Name, seed);
        bool isBackboneFilter = parameter.Shape.Count == 4 && parameter.Name.StartsWith("pretrained.", StringComparison.Ordinal);
        double deviation = Math.Sqrt(2.0 / (weight[0] * weight[2] * weight[3]));
        double bound = 1 / Math.Sqrt(weight[1] * weight[2] * weight[3]);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(isBackboneFilter ? deviation * Normal(stream, i) : bound * (2 * Uniform(stream, 2 * (ulong)i) - 1));
        return values;
    }

    /// <summary>The start of a tensor's stream: FNV-1a of the name, mixed with the seed.</summary>
    private static ulong Key(string name, int seed)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 0x100000001B3;
        return hash ^ ((ulong)(uint)seed * 0xD6E8FEB86659FD93);
    }

    /// <summary>A standard normal number (Box and Muller) from two of the stream.</summary>
    private static double Normal(ulong stream, int index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(stream, 2 * (ulong)index)));
        return radius * Math.Cos(2 * Math.PI * Uniform(stream, 2 * (ulong)index + 1));
    }

    /// <summary>Number <paramref name="index"/> of a stream, in [0, 1): splitmix64 as a counter-based generator.</summary>
    private static double Uniform(ulong stream, ulong index) =>
        SplitMix64.ToUnit(SplitMix64.Mix(stream + (index + 1) * SplitMix64.Step));
}
