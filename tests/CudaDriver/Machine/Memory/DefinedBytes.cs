using System.Runtime.InteropServices;

namespace SpGpu.PtxMachine.Memory;

/// <summary>Which bytes of a block hold something that somebody put there: four bits a word.</summary>
internal sealed unsafe class DefinedBytes(ulong length) : IDisposable
{
    private const byte Whole = 0xF;
    private readonly byte* _words = (byte*)NativeMemory.AllocZeroed((nuint)(length / 4) + 4);

    /// <summary>Whether all bytes of an aligned access are defined.</summary>
    public bool Has(ulong offset, int size)
    {
        byte* word = _words + (offset >> 2);
        return size switch
        {
            4 => *word == Whole,
            16 => *(uint*)word == 0x0F0F0F0F,
            8 => *(ushort*)word == 0x0F0F,
            _ => (*word >> (int)(offset & 3) & ((1 << size) - 1)) == (1 << size) - 1,
        };
    }

    /// <summary>Says of bytes that they are defined, or are no more.</summary>
    public void Set(ulong offset, ulong size, bool isDefined)
    {
        ulong end = offset + size;
        for (; (offset & 3) != 0 && offset < end; offset++)
            SetByte(offset, isDefined);
        for (; (end & 3) != 0 && offset < end; end--)
            SetByte(end - 1, isDefined);
        new Span<byte>(_words + (offset >> 2), (int)((end - offset) >> 2)).Fill(isDefined ? Whole : (byte)0);
    }

    /// <summary>The first of some bytes that is not defined; null if all are.</summary>
    public ulong? FirstUndefined(ulong offset, ulong size)
    {
        for (ulong end = offset + size; offset < end; offset++)
        {
            // Whole words at once, and bytes where there is none.
            if ((offset & 3) == 0 && end - offset >= 4 && _words[offset >> 2] == Whole)
                offset += 3;
            else if (!Has(offset, 1))
                return offset;
        }
        return null;
    }

    /// <summary>Takes over what is defined of other bytes.</summary>
    public void Copy(ulong offset, DefinedBytes from, ulong fromOffset, ulong size)
    {
        for (ulong n = 0; n < size; n++)
            SetByte(offset + n, from.Has(fromOffset + n, 1));
    }

    public void Dispose() => NativeMemory.Free(_words);

    private void SetByte(ulong offset, bool isDefined)
    {
        byte bit = (byte)(1 << (int)(offset & 3));
        ref byte word = ref _words[offset >> 2];
        word = isDefined ? (byte)(word | bit) : (byte)(word & ~bit);
    }
}
