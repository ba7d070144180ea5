using System.Text;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Golden;

/// <summary>
/// A full-size SPNet-50 made from a formula (data/spnet50/README.md), so that the official code's logits can be
/// compared without a download.
/// </summary>
internal static class FormulaNetwork
{
    public const int Classes = 150;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "data", "spnet50");

    public static StateDict Weights()
    {
        StateDict statistics = SafeTensors.Read(Path.Combine(Folder, "running-statistics.safetensors"));
        var state = new StateDict();
        foreach (ParameterInfo parameter in SpNetGraph.Build(SpNetArchitecture.SpNet50(Classes)).Parameters)
        {
            state[parameter.Name] = parameter.IsInteger ? new HostTensor([7L])
                : statistics.TryGet(parameter.Name, out HostTensor? statistic) ? statistic
                : new HostTensor(Values(parameter.Name, [.. parameter.Shape]), parameter.Shape);
        }
        return state;
    }

    public static HostTensor Input(int height, int width)
    {
        var data = new float[3 * height * width];
        ulong key = Fnv($"input-{height}x{width}");
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int i = (c * height + y) * width + x;
                    data[i] =
                        (float)(Math.Sin(0.07 * y + 0.05 * x + c) + 0.8 * Math.Cos(0.045 * x - 0.03 * y * (c + 1)) + 0.5 * Signed(key, i));
                }
            }
        }
        return new HostTensor(data, 1, 3, height, width);
    }

    private static float[] Values(string name, int[] shape)
    {
        var values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
        ulong key = Fnv(name);
        for (int i = 0; i < values.Length; i++)
        {
            double s = Signed(key, i);
            values[i] = (float)(shape.Length == 4 ? Math.Sqrt(6.0 / (shape[1] * shape[2] * shape[3])) * s * Factor(name)
                : name.EndsWith(".weight", StringComparison.Ordinal)
                    ? (1 + 0.4 * s) * (name.Contains(".bn3.", StringComparison.Ordinal) ? 0.5 : 1)
                : 0.2 * s);
        }
        return values;
    }

    private static double Factor(string name) => name is "head.score_layer.4.weight" or "auxlayer.conv5.4.weight" ? 4 : 1;

    private static double Signed(ulong key, int index)
    {
        ulong z = key + (ulong)(index + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return 2 * ((z >> 11) / (double)(1UL << 53)) - 1;
    }

    private static ulong Fnv(string key) =>
        Encoding.UTF8.GetBytes(key).Aggregate(0xCBF29CE484222325, (hash, value) => (hash ^ value) * 0x100000001B3);
}
