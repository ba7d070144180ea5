using System.Runtime.InteropServices;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu.Tests.Edge;

/// <summary>The cpu with blocks of memory that end where a page begins that nobody may touch; for Linux.</summary>
internal sealed unsafe class EdgeDevice(SimdDevice inner) : Device
{
    private const int ReadWrite = 3, Nothing = 0, PrivateAnonymous = 0x22;
    private static readonly nuint _page = (nuint)Environment.SystemPageSize;

    private readonly List<(IntPtr Start, nuint Length)> _regions = [];

    public override string Name => "edge";

    public override string Description => "for tests";

    public override Operators Operators => inner.Operators;

    private protected override DeviceMemory? TryAllocate(int length)
    {
        nuint bytes = (nuint)length * sizeof(float);
        nuint region = (bytes + 2 * _page - 1) / _page * _page;
        IntPtr start = Map(IntPtr.Zero, region, ReadWrite, PrivateAnonymous, -1, 0);
        if (start == -1)
            return null;
        _regions.Add((start, region));
        if (Protect(start + (nint)(region - _page), _page, Nothing) != 0)
            throw new InvalidOperationException($"a page cannot be protected: error {Marshal.GetLastPInvokeError()}");
        return SimdMemory.Over(inner, length, (float*)(start + (nint)(region - _page - bytes)));
    }

    private protected override void SynchronizeCore() => inner.Synchronize();

    private protected override Marker MarkCore() => inner.Mark();

    private protected override void Dispose(bool disposing)
    {
        foreach ((IntPtr start, nuint length) in _regions)
            _ = Unmap(start, length);
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern IntPtr Map(IntPtr address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int Protect(IntPtr address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(IntPtr address, nuint length);
}
