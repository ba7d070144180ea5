namespace SpGpu.Gpu;

/// <summary>A device of this machine, or a line that says why there is none of its kind.</summary>
/// <param name="Name">The name that <see cref="Device.Open"/> takes.</param>
/// <param name="Description">What the device calls itself.</param>
/// <param name="MemoryBytes">Its memory; 0 where it is the machine's.</param>
/// <param name="Multiprocessors">Its compute units.</param>
/// <param name="GroupThreads">The most threads of a group.</param>
/// <param name="SharedBytes">The shared memory of a group.</param>
/// <param name="Usable">Whether it can be opened.</param>
/// <param name="Reason">Why not; empty if it can.</param>
public sealed record DeviceInfo(
    string Name, string Description, long MemoryBytes, int Multiprocessors, int GroupThreads, int SharedBytes, bool Usable, string Reason);
