using System.Runtime.InteropServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Unmanaged memory. Where Linux has them to give, large blocks come in pages of 2 MB: transforms and packing read and write
/// many places far apart, and the processor knows the addresses of few pages of 4 KB at a time. There they also come from the
/// system itself and go back to it: the heap of the C library keeps what plans of many sizes have left, once for each thread.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint Page = 2 << 20;
    private const nuint CacheLine = 64;

    /// <summary>From here on blocks come from the system.</summary>
    private const nuint OwnPages = 1 << 17;

    /// <summary>madvise's MADV_HUGEPAGE.</summary>
    private const int Huge = 14;

    /// <summary>mmap's PROT_READ and PROT_WRITE, MAP_PRIVATE and MAP_ANONYMOUS.</summary>
    private const int ReadWrite = 1 | 2, PrivateAnonymous = 2 | 0x20;

    private static readonly nuint _systemPage = (nuint)Environment.SystemPageSize;

    /// <summary>A block, aligned to cache lines; null where there is not enough memory. <see cref="Free"/> gives it back.</summary>
    public static float* TryAllocate(nuint bytes)
    {
        if (IsMapped(bytes))
            return (float*)(bytes < Page ? Map(bytes) : MapPages(bytes));
        try
        {
            return (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Gives back a block of so many bytes.</summary>
    public static void Free(float* memory, nuint bytes)
    {
        if (IsMapped(bytes))
            _ = Unmap(memory, Whole(bytes));
        else
            NativeMemory.AlignedFree(memory);
    }

    /// <summary>A block that begins where a large page does: of one that is too large, whose ends go back at once.</summary>
    private static byte* MapPages(nuint bytes)
    {
        byte* start = Map(bytes + Page);
        if (start is null)
            return null;
        byte* first = (byte*)(((nuint)start + Page - 1) / Page * Page), end = first + Whole(bytes);
        if (first > start)
            _ = Unmap(start, (nuint)(first - start));
        if (start + Whole(bytes + Page) > end)
            _ = Unmap(end, (nuint)(start + Whole(bytes + Page) - end));
        // Advice: where it is not taken, everything works as before.
        _ = Advise(first, bytes, Huge);
        return first;
    }

    private static bool IsMapped(nuint bytes) => bytes >= OwnPages && OperatingSystem.IsLinux();

    private static byte* Map(nuint bytes)
    {
        void* memory = Map(null, Whole(bytes), ReadWrite, PrivateAnonymous, -1, 0);
        return (nint)memory != -1 ? (byte*)memory : null;
    }

    private static nuint Whole(nuint bytes) => (bytes + _systemPage - 1) / _systemPage * _systemPage;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
