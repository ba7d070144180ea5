using System.Text;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>How the tensors of a file fit those that a model has.</summary>
/// <param name="Missing">Names that the model has and the file lacks.</param>
/// <param name="Unexpected">Names that the file has and the model lacks.</param>
/// <param name="MisShaped">Names that both have, with different shapes.</param>
public sealed record LoadReport(
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<ShapeMismatch> MisShaped)
{
    /// <summary>How many names of a kind a single line quotes.</summary>
    private const int Quoting = 3;

    /// <summary>Whether every tensor has its counterpart of the same shape.</summary>
    public bool IsExact => Missing.Count + Unexpected.Count + MisShaped.Count == 0;

    /// <summary>The report in one line, with the first names of each kind.</summary>
    public string Summary
    {
        get
        {
            if (IsExact)
                return "every tensor fits";
            string[] parts =
            [
                Part([.. Missing.Select(Quoted.Text)], "missing"),
                Part([.. Unexpected.Select(Quoted.Text)], "unexpected"),
                Part([.. MisShaped.Select(mismatch => mismatch.ToString())], "of another shape"),
            ];
            return string.Join("; ", parts.Where(part => part.Length > 0));
        }
    }

    /// <summary>Whether a tensor counts the batches of a batch norm: PyTorch starts at 0 where a file has none.</summary>
    internal static bool IsCounter(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>
    /// Compares given tensors with those that are expected, <see cref="Graph.Parameters"/> of a network of one's own.
    /// Counters of batches are not missed.
    /// </summary>
    public static LoadReport Compare(ITensorSource given, IEnumerable<ParameterInfo> expected)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(expected);
        ParameterInfo[] parameters = [.. expected];
        var missing = new List<string>();
        var misShaped = new List<ShapeMismatch>();
        foreach (ParameterInfo parameter in parameters)
        {
            if (given.ShapeOf(parameter.Name) is not { } found)
            {
                if (!IsCounter(parameter.Name))
                    missing.Add(parameter.Name);
            }
            else if (!found.SequenceEqual(parameter.Shape))
            {
                misShaped.Add(new ShapeMismatch(parameter.Name, parameter.Shape, found));
            }
        }
        var known = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        return new LoadReport(missing, [.. given.Names.Where(name => !known.Contains(name))], misShaped);
    }

    /// <summary>Raises an error unless every tensor fits.</summary>
    /// <param name="file">The file that was loaded, for the message.</param>
    /// <exception cref="WeightsException">A tensor is missing, unexpected or of another shape.</exception>
    public void ThrowIfInexact(string file)
    {
        if (!IsExact)
            throw new WeightsException(
                $"'{file}' does not fit the model: {Summary}; choose the model that it was saved from, or load it non-strictly "
                + "(--no-strict of segment, in code strict: false) to keep what the model has in place of the tensors that do not fit");
    }

    /// <summary>The report in full, one tensor a line under a heading for each kind.</summary>
    public override string ToString() => Excerpt(int.MaxValue);

    /// <summary>The report with so many tensors of each kind, and how many more there are.</summary>
    internal string Excerpt(int most)
    {
        if (IsExact)
            return Summary;
        var text = new StringBuilder();
        Section(text, "missing", [.. Missing.Select(Quoted.Text)], most);
        Section(text, "unexpected", [.. Unexpected.Select(Quoted.Text)], most);
        Section(text, "of another shape", [.. MisShaped.Select(mismatch => mismatch.ToString())], most);
        return text.ToString().TrimEnd();
    }

    private static string Part(IReadOnlyList<string> items, string kind) => items.Count == 0 ? ""
        : $"{items.Count} {kind} ({string.Join(", ", items.Take(Quoting))}{(items.Count > Quoting ? ", ..." : "")})";

    private static void Section(StringBuilder text, string kind, IReadOnlyList<string> items, int most)
    {
        if (items.Count == 0)
            return;
        text.Append(items.Count).Append(' ').Append(kind).Append(":\n");
        foreach (string item in items.Take(most))
            text.Append("  ").Append(item).Append('\n');
        if (items.Count > most)
            text.Append("  and ").Append(items.Count - most).Append(" more\n");
    }
}

/// <summary>A tensor whose shape in the file is not that of the model.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Expected">The shape that the model has.</param>
/// <param name="Found">The shape that the file has.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<int> Expected, IReadOnlyList<int> Found)
{
    /// <summary>The mismatch in words.</summary>
    public override string ToString() =>
        $"{Quoted.Text(Name)}: {HostTensor.Describe(Found)} where {HostTensor.Describe(Expected)} is needed";
}
