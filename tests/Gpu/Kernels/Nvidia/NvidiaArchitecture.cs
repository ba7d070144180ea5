namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>What a multiprocessor of an architecture holds, as NVIDIA's tables of compute capabilities have it.</summary>
/// <param name="Name">As ptxas takes it.</param>
/// <param name="Warps">Resident warps.</param>
/// <param name="Groups">Resident groups.</param>
/// <param name="Shared">Bytes of shared memory.</param>
internal sealed record NvidiaArchitecture(string Name, int Warps, int Groups, int Shared)
{
    private const int Registers = 65_536;

    /// <summary>Registers are handed out to a warp by so many, shared memory by so many bytes.</summary>
    private const int RegisterUnit = 256, SharedUnit = 128;

    /// <summary>Bytes of shared memory that a group takes for itself.</summary>
    private const int SystemShared = 1024;

    /// <summary>A100, RTX 30, RTX 40, H100.</summary>
    public static IReadOnlyList<NvidiaArchitecture> All { get; } =
    [
        new("sm_80", 64, 32, 164 * 1024), new("sm_86", 48, 16, 100 * 1024), new("sm_89", 48, 24, 100 * 1024),
        new("sm_90", 64, 32, 228 * 1024),
    ];

    /// <summary>How many groups of a kernel a multiprocessor holds at once.</summary>
    public int Resident(int threads, NvidiaResources kernel)
    {
        int warps = RoundUp(threads, 32) / 32;
        // Each of the four parts of a multiprocessor has a quarter of the registers, and whole warps.
        int registers = 4 * (Registers / 4 / RoundUp(kernel.Registers * 32, RegisterUnit)) / warps;
        int shared = Shared / RoundUp(kernel.Shared + SystemShared, SharedUnit);
        return Math.Min(Math.Min(Groups, Warps / warps), Math.Min(registers, shared));
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}
