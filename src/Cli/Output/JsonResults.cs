using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpGpu.Cli.Usage;

namespace SpGpu.Cli.Output;

/// <summary>Where the results of a verb go as JSON, for other programs: a file, or the standard output.</summary>
internal sealed class JsonResults
{
    private const string StandardOutput = "-";

    private readonly string _target;
    private readonly Terminal _terminal;

    private JsonResults(string target, Terminal terminal) => (_target, _terminal) = (target, terminal);

    public static Option<string> Option() =>
        Options.File("--json", "Also write the results as JSON; - is the standard output, and the lines go to the other one");

    /// <summary>What someone asks for; null where nobody does. Lines make way for JSON on the standard output.</summary>
    /// <param name="target">The value of the option.</param>
    /// <param name="terminal">Whom the verb talks to.</param>
    /// <param name="read">The files that are read.</param>
    /// <exception cref="ConfigurationException">A file that is read would be replaced.</exception>
    public static JsonResults? Of(string? target, Terminal terminal, params IEnumerable<string?> read)
    {
        if (target is null)
            return null;
        if (target == StandardOutput)
        {
            terminal.LeaveOutput();
            return new JsonResults(target, terminal);
        }
        OutputFile.ThrowIfRead(target, "--json", read);
        // Now: what makes the results may take long.
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(target)));
        return new JsonResults(target, terminal);
    }

    /// <summary>Writes an object with what the action puts into it.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Write(Action<Utf8JsonWriter> content)
    {
        bool isFile = _target != StandardOutput;
        // In a file names in any script stay readable; what a screen may take amiss is escaped.
        var options = new JsonWriterOptions { Indented = true, Encoder = isFile ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null };
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        if (isFile)
            AtomicFile.Write(_target, stream => stream.Write(text.GetBuffer(), 0, (int)text.Length));
        else
            _terminal.PrintOutput(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    /// <summary>Writes an array of objects.</summary>
    public static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> content)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            content(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
