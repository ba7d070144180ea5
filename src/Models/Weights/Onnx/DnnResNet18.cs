using System.Globalization;
using System.Runtime.InteropServices;

namespace SpGpu.Models.Weights.Onnx;

/// <summary>
/// The ResNet-18 that the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 holds (blocks 2, 2, 2, 3; trained on ImageNet), under
/// the names of torchvision. CNTK, which wrote it, numbered its tensors. It takes blue, green, red from 0 to 255; its first filters
/// are turned into such as take the standardised red, green, blue of every network here. The picture that it subtracts is the mean
/// by half a step (its averages are 123.15, 115.90, 103.06), and is left to the standardisation.
/// </summary>
internal static class DnnResNet18
{
    private const string First = "conv1";

    private static readonly float[] _deviation = [58.395f, 57.12f, 57.375f];

    /// <summary>A convolution, the number of its filter, its norm, and the first of the four numbers that one has.</summary>
    private static readonly (string Conv, int Filter, string Norm, int Scale)[] _layers =
    [
        (First, 91, "bn1", 96),
        .. Block("layer1.0", (86, 113), (82, 127)), .. Block("layer1.1", (77, 144), (73, 158)),
        .. Block("layer2.0", (68, 175), (64, 189)), Downsample("layer2", 199, 203), .. Block("layer2.1", (59, 220), (55, 234)),
        .. Block("layer3.0", (50, 251), (46, 265)), Downsample("layer3", 275, 279), .. Block("layer3.1", (41, 296), (37, 310)),
        .. Block("layer4.0", (32, 327), (28, 341)), Downsample("layer4", 351, 355), .. Block("layer4.1", (23, 372), (19, 386)),
        .. Block("layer4.2", (14, 403), (10, 417)),
    ];

    /// <summary>The tensors under torchvision's names where they are this network's; otherwise as they are.</summary>
    public static IReadOnlyList<StoredTensor> Named(IReadOnlyList<StoredTensor> tensors)
    {
        Dictionary<string, string> names = _layers.SelectMany(Names).ToDictionary(StringComparer.Ordinal);
        if (tensors.Count != names.Count || !tensors.All(tensor => names.ContainsKey(tensor.Name)))
            return tensors;
        return [.. tensors.Select(tensor => Named(tensor, names[tensor.Name]))];
    }

    private static StoredTensor Named(StoredTensor tensor, string name) =>
        name == $"{First}.weight" && tensor is { Type: ElementType.F32, Shape: [_, 3, _, _] }
            ? tensor with { Name = name, Open = () => Standardised(tensor) }
            : tensor with { Name = name };

    /// <summary>Channels the other way round, each multiplied by the deviation that standardised pixels are divided by.</summary>
    private static StoredElements Standardised(StoredTensor tensor)
    {
        ReadOnlySpan<float> filter = tensor.Load().Floats;
        int window = tensor.Shape[2] * tensor.Shape[3];
        var turned = new float[filter.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            int channel = i / window % _deviation.Length;
            turned[i] = filter[i + (_deviation.Length - 1 - 2 * channel) * window] * _deviation[channel];
        }
        var bytes = new ByteSource(MemoryMarshal.AsBytes<float>(turned).ToArray(), tensor.Name);
        return new StoredElements(bytes, 0, ElementType.F32, tensor.Shape, turned.Length);
    }

    private static (string, int, string, int)[] Block(string name, (int Filter, int Scale) first, (int Filter, int Scale) second) =>
        [($"{name}.conv1", first.Filter, $"{name}.bn1", first.Scale), ($"{name}.conv2", second.Filter, $"{name}.bn2", second.Scale)];

    private static (string, int, string, int) Downsample(string layer, int filter, int scale) =>
        ($"{layer}.0.downsample.0", filter, $"{layer}.0.downsample.1", scale);

    private static IEnumerable<KeyValuePair<string, string>> Names((string Conv, int Filter, string Norm, int Scale) layer) =>
    [
        new(Number("Parameter", layer.Filter), $"{layer.Conv}.weight"),
        new(Number("Parameter", layer.Scale), $"{layer.Norm}.weight"),
        new(Number("Parameter", layer.Scale + 1), $"{layer.Norm}.bias"),
        new(Number("Constant", layer.Scale + 2), $"{layer.Norm}.running_mean"),
        new(Number("Constant", layer.Scale + 3), $"{layer.Norm}.running_var"),
    ];

    private static string Number(string kind, int number) => kind + number.ToString(CultureInfo.InvariantCulture);
}
