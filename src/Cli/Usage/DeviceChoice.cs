using System.CommandLine;
using SpGpu.Gpu;
using SpGpu.Mpi;

namespace SpGpu.Cli.Usage;

/// <summary>The options by which a verb's device is chosen.</summary>
internal sealed class DeviceChoice
{
    public Option<string> Name { get; } = new("--device")
    {
        Description = "auto, cpu, cuda:0, opencl:0 or ilgpu-cpu; 'spgpu devices' lists them",
        DefaultValueFactory = _ => "auto",
        HelpName = "NAME",
    };

    public Option<int> Threads { get; } = Options.Threads();

    /// <summary>Only of verbs that look closely at kernels or numbers.</summary>
    public Option<bool> NoWinograd { get; } = new("--no-winograd")
    {
        Description = "3x3 convolutions on the cpu as plain sums: slower, and rounding errors are smaller",
    };

    /// <summary>Likewise.</summary>
    public Option<bool> NoTensorCores { get; } = new("--no-tensor-cores")
    {
        Description = "Convolutions on NVIDIA GPUs by plain multiply-adds: slower, and as exact",
    };

    /// <summary>Opens what the command line asks for.</summary>
    /// <exception cref="DeviceException">There is no such device, it cannot be used, or it has no use for an option.</exception>
    public Device Open(ParseResult parsed, int tile = 0, bool profiling = false, MpiGroup? group = null) =>
        Device.Open(Processes.Device(parsed.GetRequiredValue(Name), group), new()
        {
            Threads = parsed.GetValue(Threads),
            Winograd = !parsed.GetValue(NoWinograd),
            TensorCores = !parsed.GetValue(NoTensorCores),
            BlockTile = tile,
            Profiling = profiling,
        });
}
