using System.Text.Json;

namespace SpGpu.Gpu.Profiling;

/// <summary>
/// Writes a profile as a trace that Perfetto (ui.perfetto.dev) and Chrome (chrome://tracing) show: one complete event
/// a kernel, of the median run, in microseconds.
/// </summary>
public static class TraceFile
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">The file, usually .json.</param>
    /// <param name="profile">The times.</param>
    /// <param name="title">What was run where; the name of the track.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, Profile profile, string title)
    {
        ArgumentNullException.ThrowIfNull(profile);
        AtomicFile.Write(path, stream => Write(stream, profile, title));
    }

    /// <summary>Writes the same into a stream, which stays open; what the stream throws comes through.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="profile">The times.</param>
    /// <param name="title">What was run where; the name of the track.</param>
    public static void Write(Stream stream, Profile profile, string title)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(profile);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        WriteTitle(json, title);
        for (int i = 0; i < profile.Steps.Count; i++)
            WriteEvent(json, profile.Steps[i], profile.MedianRun[i], profile.MedianRun[i + 1]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTitle(Utf8JsonWriter json, string title)
    {
        json.WriteStartObject();
        json.WriteString("name", "process_name");
        json.WriteString("ph", "M");
        WritePlace(json);
        json.WriteStartObject("args");
        json.WriteString("name", title);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, ProfileStep step, double start, double end)
    {
        json.WriteStartObject();
        json.WriteString("name", step.Layer);
        json.WriteString("cat", step.Kernel);
        json.WriteString("ph", "X");
        WritePlace(json);
        json.WriteNumber("ts", 1000 * start);
        json.WriteNumber("dur", 1000 * (end - start));
        json.WriteStartObject("args");
        json.WriteString("kernel", step.Kernel);
        json.WriteNumber("operations", step.Operations);
        json.WriteNumber("bytes", step.Bytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The process and thread that every event names; there is one track.</summary>
    private static void WritePlace(Utf8JsonWriter json)
    {
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", 1);
    }
}
