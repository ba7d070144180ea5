using System.Runtime.InteropServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Unmanaged memory, large blocks of it in pages of 2 MB where Linux has them to give: transforms and packing read and
/// write many places far apart, and the processor knows the addresses of few pages of 4 KB at a time.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint Page = 2 << 20;
    private const nuint CacheLine = 64;

    /// <summary>madvise's MADV_HUGEPAGE.</summary>
    private const int Huge = 14;

    /// <summary>A block, aligned to cache lines; <see cref="NativeMemory.AlignedFree"/> gives it back.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static float* Allocate(nuint bytes)
    {
        if (bytes < Page || !OperatingSystem.IsLinux())
            return (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        void* memory = NativeMemory.AlignedAlloc(bytes, Page);
        // Advice: where it is not taken, everything works as before.
        _ = Advise(memory, bytes, Huge);
        return (float*)memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
