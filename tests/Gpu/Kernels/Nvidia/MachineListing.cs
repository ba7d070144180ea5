using System.Globalization;
using System.Text.RegularExpressions;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>The instructions of a kernel, as nvdisasm prints them, and where its labels are.</summary>
internal sealed partial class MachineListing
{
    private readonly List<MachineInstruction> _instructions = [];
    private readonly Dictionary<string, int> _labels = [];

    public IReadOnlyList<MachineInstruction> Instructions => _instructions;

    /// <summary>Reads the kernels of an image.</summary>
    public static IReadOnlyDictionary<string, MachineListing> Read(string text)
    {
        var found = new Dictionary<string, MachineListing>();
        MachineListing current = new();
        (string Operation, string Operands)? pending = null;
        foreach (string line in text.Split('\n'))
        {
            if (Section().Match(line) is { Success: true } section)
                found.Add(section.Groups[1].Value, current = new());
            else if (Label().Match(line) is { Success: true } label)
                current._labels.Add(label.Groups[1].Value, current._instructions.Count);
            else if (First().Match(line) is { Success: true } first)
                pending = (first.Groups[1].Value, first.Groups[2].Value);
            else if (pending is var (operation, operands) && Second().Match(line) is { Success: true } second)
            {
                current._instructions.Add(new(operation, operands, ulong.Parse(second.Groups[1].ValueSpan, NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture)));
                pending = null;
            }
        }
        return found;
    }

    /// <summary>The loops: from the target of a branch backwards to the branch; not the one to itself that a kernel ends with.</summary>
    public IEnumerable<Range> Loops()
    {
        for (int at = 0; at < _instructions.Count; at++)
        {
            if (_instructions[at].Name == "BRA" && Target().Match(_instructions[at].Operands) is { Success: true } target
                && _labels[target.Value] is var start && start < at)
                yield return start..(at + 1);
        }
    }

    [GeneratedRegex(@"^\.text\.(\w+):")]
    private static partial Regex Section();

    [GeneratedRegex(@"^(\.L_x_\d+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"\.L_x_\d+")]
    private static partial Regex Target();

    [GeneratedRegex(@"^\s*/\*[0-9a-f]{4,}\*/\s+(?:@\S+ +)?([A-Z0-9_.]+)(.*?);\s*/\* 0x[0-9a-f]{16} \*/")]
    private static partial Regex First();

    [GeneratedRegex(@"^\s*/\* 0x([0-9a-f]{16}) \*/")]
    private static partial Regex Second();
}
