using System.Globalization;
using SpGpu.Layers;

namespace SpGpu.Golden;

/// <summary>The names and shapes of a network's tensors, without their values: lines of a name, a tab and <c>64x3x7x7</c>.</summary>
internal sealed class KeyTable(string path) : ITensorSource
{
    private readonly Dictionary<string, int[]> _shapes = File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).ToDictionary(
        row => row[0],
        row => row[1].Length == 0 ? [] : row[1].Split('x').Select(extent => int.Parse(extent, CultureInfo.InvariantCulture)).ToArray());

    public IEnumerable<string> Names => _shapes.Keys;

    public IReadOnlyList<int>? ShapeOf(string name) => _shapes.GetValueOrDefault(name);

    public HostTensor Load(string name) => throw new NotSupportedException("a table of keys has no values");
}
