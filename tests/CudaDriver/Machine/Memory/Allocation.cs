using System.Runtime.InteropServices;

namespace SpGpu.PtxMachine.Memory;

/// <summary>
/// A block of device memory, and which groups of the launch touched its words (its bytes, where a kernel stores bytes): in
/// pages, as most launches touch few.
/// </summary>
internal sealed unsafe class Allocation : IDisposable
{
    private const int PageBits = 12, PageBytes = 1 << PageBits;
    private readonly Page?[] _pages;

    public Allocation(long length)
    {
        Length = (ulong)length;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 512);
        // What was never written is NaN.
        NativeMemory.Fill(Pointer, (nuint)length, 0xFF);
        _pages = new Page?[(length + PageBytes - 1) >> PageBits];
        Defined = new DefinedBytes(Length);
    }

    public byte* Pointer { get; }

    public ulong Start => (ulong)Pointer;

    public ulong Length { get; }

    /// <summary>What was written since it was allocated, or since it was said to hold nothing.</summary>
    public DefinedBytes Defined { get; }

    /// <summary>Who has touched a place; the page is cleared for the launch that asks first.</summary>
    public Span<Touched> Places(ulong offset, int size, int shift, long launch)
    {
        ref Page? page = ref _pages[offset >> PageBits];
        if (page is null || page.Places.Length != PageBytes >> shift)
            page = new Page(new Touched[PageBytes >> shift]);
        if (page.Launch != launch)
        {
            Array.Clear(page.Places);
            page.Launch = launch;
        }
        int first = (int)(offset & (PageBytes - 1)) >> shift;
        return page.Places.AsSpan(first, Math.Max(size >> shift, 1));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Defined.Dispose();
    }

    private sealed class Page(Touched[] places)
    {
        public Touched[] Places { get; } = places;

        public long Launch { get; set; }
    }
}

/// <summary>One more than the number of the group that wrote a place, and of the one that read it; 0 for none.</summary>
internal struct Touched
{
    /// <summary>Groups, more than one.</summary>
    public const uint Many = uint.MaxValue;

    public uint Writer, Reader;
}
