using System.CommandLine;
using System.Text.Json;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu devices</c>: what this machine can compute on.</summary>
internal static class DevicesVerb
{
    private const int NameColumns = 12;

    public static Command Create(Terminal terminal)
    {
        Option<string> json = JsonResults.Option();
        var command = new Verb("devices", "List the devices of this machine, and why one cannot be used.", "spgpu devices") { json };
        command.SetAction(parsed =>
        {
            JsonResults? results = JsonResults.Of(parsed.GetValue(json), terminal);
            IReadOnlyList<DeviceInfo> devices = Device.List();
            foreach (DeviceInfo device in devices)
            {
                terminal.Print(device.Name, device.Description, NameColumns);
                // A line that says why there is no device of a kind has no limits.
                if (device.GroupThreads > 0)
                    terminal.Print("", Limits(device), NameColumns);
                if (!device.Usable)
                    terminal.Print("", $"not usable: {device.Reason}", NameColumns);
            }
            using var chosen = Device.Open();
            terminal.Print("auto", $"takes {chosen.Name}: {chosen.Description}", NameColumns);
            results?.Write(writer => Write(writer, chosen.Name, devices));
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, string chosen, IEnumerable<DeviceInfo> devices)
    {
        json.WriteString("auto", chosen);
        JsonResults.WriteArray(json, "devices", devices, device =>
        {
            json.WriteString("name", device.Name);
            json.WriteString("description", device.Description);
            json.WriteBoolean("usable", device.Usable);
            json.WriteString("reason", device.Reason);
            json.WriteNumber("memory_bytes", Memory(device));
            json.WriteNumber("compute_units", device.Multiprocessors);
            json.WriteNumber("group_threads", device.GroupThreads);
            json.WriteNumber("shared_bytes", device.SharedBytes);
        });
    }

    /// <summary>A processor has none of its own: it uses the machine's.</summary>
    private static long Memory(DeviceInfo device) => device.MemoryBytes > 0 || device.GroupThreads == 0
        ? device.MemoryBytes
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string Limits(DeviceInfo device)
    {
        string memory = $"{Text.Bytes(Memory(device))} memory{(device.MemoryBytes > 0 ? "" : " of the machine")}";
        if (device.SharedBytes == 0)
            return memory;
        string groups = $"groups of up to {device.GroupThreads} threads that share {Text.Bytes(device.SharedBytes)}";
        return $"{memory}, {Text.Count(device.Multiprocessors, "compute unit")}, {groups}";
    }
}
