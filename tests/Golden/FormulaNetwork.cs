using System.Text;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Golden;

/// <summary>
/// Full-size networks made from a formula (data/spnet50/README.md), so that the logits of their own code can be compared
/// without a download.
/// </summary>
internal static class FormulaNetwork
{
    public const int Classes = 150;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "data", "spnet50");

    /// <summary>The last convolutions of heads, whose weights are four times as large.</summary>
    private static readonly HashSet<string> _scores =
    [
        "head.score_layer.4.weight", "auxlayer.conv5.4.weight", "cls.4.weight", "aux.4.weight",
        "classifier.4.weight", "aux_classifier.4.weight",
        "decode_head.conv_seg.weight", "decode_head.aux_cls_seg.weight", "auxiliary_head.conv_seg.weight",
    ];

    public static StateDict Weights() => Weights(SpNetArchitecture.SpNet50(Classes), Folder, ".bn3.");

    /// <summary>The parameters of any network.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="folder">Where its running statistics are.</param>
    /// <param name="halved">What the names of batch norms hold whose weights are half as large; empty for none.</param>
    public static StateDict Weights(SegmentationArchitecture architecture, string folder, string halved)
    {
        StateDict statistics = SafeTensors.Read(Path.Combine(folder, "running-statistics.safetensors"));
        var state = new StateDict();
        foreach (ParameterInfo parameter in architecture.Build().Parameters)
        {
            state[parameter.Name] = parameter.IsInteger ? new HostTensor([7L])
                : statistics.TryGet(parameter.Name, out HostTensor? statistic) ? statistic
                : new HostTensor(Values(parameter.Name, [.. parameter.Shape], halved), parameter.Shape);
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

    private static float[] Values(string name, int[] shape, string halved)
    {
        var values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
        ulong key = Fnv(name);
        for (int i = 0; i < values.Length; i++)
        {
            double s = Signed(key, i);
            values[i] = (float)(shape.Length == 4 ? Math.Sqrt(6.0 / (shape[1] * shape[2] * shape[3])) * s * (_scores.Contains(name) ? 4 : 1)
                : name.EndsWith(".weight", StringComparison.Ordinal)
                    ? (1 + 0.4 * s) * (halved.Length > 0 && name.Contains(halved, StringComparison.Ordinal) ? 0.5 : 1)
                : name.Contains(".layer_scale_", StringComparison.Ordinal) ? 0.1 * (1 + 0.4 * s)
                : 0.2 * s);
        }
        return values;
    }

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
