using System.Globalization;

namespace SpGpu.Data.Metrics;

/// <summary>Writes a confusion matrix for spreadsheets and scripts.</summary>
public static class ConfusionFile
{
    /// <summary>
    /// Writes CSV in UTF-8: a heading with the names of the predicted classes, then a line a class with the number of
    /// its pixels that were predicted as each.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="matrix">The counts.</param>
    /// <param name="names">A name for each class.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        ThrowIfUnfit(matrix, names);
        AtomicFile.Write(path, stream => WriteTo(stream, matrix, names));
    }

    /// <summary>Writes the same into a stream, which stays open; what the stream throws comes through.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="matrix">The counts.</param>
    /// <param name="names">A name for each class.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static void Write(Stream stream, ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ThrowIfUnfit(matrix, names);
        WriteTo(stream, matrix, names);
    }

    private static void ThrowIfUnfit(ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count != matrix.Classes)
            throw new ArgumentException($"{names.Count} names for {matrix.Classes} classes", nameof(names));
    }

    private static void WriteTo(Stream stream, ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', names.Select(Quoted).Prepend("label \\ prediction")));
        for (int label = 0; label < matrix.Classes; label++)
        {
            IEnumerable<string> counts = Enumerable.Range(0, matrix.Classes)
                .Select(prediction => matrix[label, prediction].ToString(CultureInfo.InvariantCulture));
            text.WriteLine(string.Join(',', counts.Prepend(Quoted(names[label]))));
        }
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
