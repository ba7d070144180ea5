using System.CommandLine;
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
        var command = new Verb("devices", "List the devices of this machine, and why one cannot be used.", "spgpu devices");
        command.SetAction(_ =>
        {
            foreach (DeviceInfo device in Device.List())
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
        });
        return command;
    }

    private static string Limits(DeviceInfo device)
    {
        string memory = device.MemoryBytes > 0
            ? $"{Text.Bytes(device.MemoryBytes)} memory"
            : $"{Text.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} memory of the machine";
        if (device.SharedBytes == 0)
            return memory;
        string groups = $"groups of up to {device.GroupThreads} threads that share {Text.Bytes(device.SharedBytes)}";
        return $"{memory}, {Text.Count(device.Multiprocessors, "compute unit")}, {groups}";
    }
}
