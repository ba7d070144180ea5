using System.Text.Json;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Golden;

/// <summary>One JSON file of reference data and the tensors beside it.</summary>
public sealed class GoldenFixture
{
    private readonly Lazy<StateDict> _tensors;

    private GoldenFixture(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        Name = document.RootElement.GetProperty("fixture").GetString()!;
        Cases = [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.Clone())];
        _tensors = new(() => SafeTensors.Read(Path.ChangeExtension(file, ".safetensors")));
    }

    public string Name { get; }

    /// <summary>The kind: the number that the name starts with.</summary>
    public int Kind => int.Parse(Name[..2], System.Globalization.CultureInfo.InvariantCulture);

    public IReadOnlyList<JsonElement> Cases { get; }

    public HostTensor Tensor(string key) => _tensors.Value[key];

    /// <summary>The weights of a case under a common prefix.</summary>
    public StateDict Weights(string caseName, string prefix)
    {
        var state = new StateDict();
        string start = $"{caseName}/w.";
        foreach ((string name, HostTensor tensor) in _tensors.Value)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
                state[prefix + name[start.Length..]] = tensor;
        }
        return state;
    }

    /// <summary>The fixtures beside the tests, then those of the folder that SPGPU_GOLDEN names.</summary>
    public static IReadOnlyList<(string Set, GoldenFixture Fixture)> All { get; } = Find();

    private static (string, GoldenFixture)[] Find()
    {
        var found = new List<(string, GoldenFixture)>();
        found.AddRange(In(Path.Combine(AppContext.BaseDirectory, "data")).Select(f => ("public", f)));
        if (Environment.GetEnvironmentVariable("SPGPU_GOLDEN") is { Length: > 0 } folder)
        {
            if (!Directory.Exists(folder))
                throw new InvalidOperationException($"SPGPU_GOLDEN names '{folder}', which is not a folder");
            found.AddRange(In(folder).Select(f => ("more", f)));
        }
        return found.Count > 0 ? [.. found] : throw new InvalidOperationException("no reference data found");
    }

    private static IEnumerable<GoldenFixture> In(string folder) =>
        Directory.EnumerateFiles(folder, "[0-9]*.json").Concat(Directory.EnumerateFiles(folder, "*.json"))
            .Where(file => char.IsAsciiDigit(Path.GetFileName(file)[0]))
            .Distinct().Order(StringComparer.Ordinal).Select(file => new GoldenFixture(file));
}
