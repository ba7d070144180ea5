using System.Text.Json;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Cli.Output;

/// <summary>The times of a network's kernels, as JSON.</summary>
internal static class ProfileJson
{
    public static void Write(Utf8JsonWriter json, string network, string device, Profile profile, IEnumerable<ProfileRow> rows)
    {
        json.WriteString("network", network);
        json.WriteString("device", device);
        json.WriteNumber("runs", profile.Runs);
        json.WriteNumber("milliseconds", profile.TotalMilliseconds);
        json.WriteNumber("milliseconds_without_marks", profile.UnmarkedMilliseconds);
        if (profile.ReplayedMilliseconds is { } replayed)
            json.WriteNumber("milliseconds_replayed", replayed);
        json.WriteNumber("activation_bytes", profile.ActivationBytes);
        json.WriteNumber("workspace_bytes", profile.WorkspaceBytes);
        JsonResults.WriteArray(json, "kernels", rows, row =>
        {
            json.WriteString("layer", row.Layer);
            json.WriteString("kernel", row.Kernel);
            json.WriteNumber("calls", row.Calls);
            json.WriteNumber("milliseconds", row.Milliseconds);
            json.WriteNumber("operations", row.Operations);
            json.WriteNumber("bytes", row.Bytes);
        });
    }
}
