namespace SpGpu.Gpu.Profiling;

/// <summary>What a launch of a kernel takes of its device, as the driver says.</summary>
/// <param name="Kernel">The operator and the variant; several launches may belong to one.</param>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="LocalBytes">Bytes of a thread in device memory, for what found no room in registers.</param>
/// <param name="SharedBytes">Bytes of shared memory of a group.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="Groups">Groups of the launch.</param>
/// <param name="GroupsPerMultiprocessor">Groups that a multiprocessor runs at the same time.</param>
/// <param name="Multiprocessors">Multiprocessors of the device.</param>
public sealed record KernelLaunch(
    string Kernel, int Registers, int LocalBytes, int SharedBytes, int Threads, long Groups, int GroupsPerMultiprocessor,
    int Multiprocessors)
{
    /// <summary>How often the groups fill the device: below 1 a part of it idles, and so it does in the rest of the last one.</summary>
    public double Waves => (double)Groups / ((long)GroupsPerMultiprocessor * Multiprocessors);
}
