using System.Globalization;
using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.PtxMachine.Memory;

/// <summary>Global memory: blocks of the process's own. Groups of a launch have no order, so none may read what another writes.</summary>
internal sealed unsafe class DeviceMemory(bool looksForRaces) : IDisposable
{
    private readonly List<Allocation> _blocks = [];
    private Allocation? _last;
    private TensorBounds? _bounds;
    private long _launch;
    private int _shift;

    /// <summary>Bytes that are allocated.</summary>
    public long Used { get; private set; }

    public IntPtr Allocate(long length)
    {
        var block = new Allocation(length);
        _blocks.Insert(_blocks.Count(other => other.Start < block.Start), block);
        Used += length;
        return (IntPtr)block.Pointer;
    }

    /// <returns>Whether there was such a block.</returns>
    public bool Free(IntPtr pointer)
    {
        int at = _blocks.FindIndex(block => block.Pointer == (byte*)pointer);
        if (at < 0)
            return false;
        Used -= (long)_blocks[at].Length;
        _blocks[at].Dispose();
        _blocks.RemoveAt(at);
        _last = null;
        return true;
    }

    /// <summary>Whether bytes lie in one block.</summary>
    public bool Has(ulong address, ulong size) => Find(address) is { } block && size <= block.Length - (address - block.Start);

    /// <summary>Whether an address is one of device memory.</summary>
    public bool IsDevice(ulong address) => Find(address) is not null;

    /// <summary>Says of bytes, which lie in one block, that they hold something, or hold nothing any more.</summary>
    public void Define(ulong address, ulong size, bool isDefined = true)
    {
        if (size > 0 && Find(address) is { } block)
            block.Defined.Set(address - block.Start, size, isDefined);
    }

    /// <summary>Looks at what the host is about to read.</summary>
    /// <exception cref="Fault">Of some bytes nobody said what they are.</exception>
    public void CheckDefined(ulong address, ulong size)
    {
        if (size > 0 && Find(address) is { } block && block.Defined.FirstUndefined(address - block.Start, size) is { } offset)
        {
            ulong place = block.Start + offset - address;
            throw new Fault(FaultKind.UndefinedRead, string.Create(CultureInfo.InvariantCulture,
                $"a copy of {size} bytes at 0x{address:x} to the host: nothing was written to byte {place} of them"));
        }
    }

    /// <summary>Says of bytes that they hold what others hold, on the device or elsewhere.</summary>
    public void Copied(ulong target, ulong source, ulong size)
    {
        if (size > 0 && Find(target) is { } to && Find(source) is { } from)
            to.Defined.Copy(target - to.Start, from.Defined, source - from.Start, size);
        else
            Define(target, size);
    }

    /// <param name="byBytes">Whether neighbours in a word may be the business of different groups.</param>
    /// <param name="tensors">What it may touch; null where nobody said.</param>
    /// <param name="parameters">Its parameters.</param>
    public void BeginLaunch(bool byBytes, IReadOnlyList<Extent>? tensors, byte[] parameters)
    {
        _launch++;
        _shift = byBytes ? 0 : 2;
        _bounds = tensors is null ? null : new TensorBounds(tensors, MemoryMarshal.Cast<byte, ulong>(parameters), Find);
    }

    public byte* Read(Warp warp, int lane, ulong address, int size)
    {
        Allocation block = Check(warp, lane, address, size);
        _bounds?.CheckRead(warp, lane, block, address, size);
        if (!block.Defined.Has(address - block.Start, size))
            throw warp.Fault(FaultKind.UndefinedRead, lane, address, $"{size} bytes are read that nothing was written to");
        if (looksForRaces)
        {
            uint me = (uint)warp.Group.Number + 1;
            foreach (ref Touched place in block.Places(address - block.Start, size, _shift, _launch))
            {
                if (place.Writer != 0 && place.Writer != me)
                    throw Race(warp, lane, address, place.Writer, "read", "written");
                place.Reader = place.Reader == 0 || place.Reader == me ? me : Touched.Many;
            }
        }
        return (byte*)address;
    }

    public byte* Write(Warp warp, int lane, ulong address, int size)
    {
        Allocation block = Check(warp, lane, address, size);
        _bounds?.CheckWrite(warp, lane, block, address, size);
        block.Defined.Set(address - block.Start, (ulong)size, isDefined: true);
        if (looksForRaces)
        {
            uint me = (uint)warp.Group.Number + 1;
            foreach (ref Touched place in block.Places(address - block.Start, size, _shift, _launch))
            {
                if (place.Writer != 0 && place.Writer != me)
                    throw Race(warp, lane, address, place.Writer, "written", "written");
                if (place.Reader != 0 && place.Reader != me)
                    throw Race(warp, lane, address, place.Reader, "written", "read");
                place.Writer = me;
            }
        }
        return (byte*)address;
    }

    public void Dispose() => _blocks.ForEach(block => block.Dispose());

    private Allocation Check(Warp warp, int lane, ulong address, int size)
    {
        Allocation? block = _last;
        if (block is null || address - block.Start >= block.Length)
            _last = block = Find(address);
        if (block is null || (ulong)size > block.Length - (address - block.Start))
            throw warp.Fault(FaultKind.OutOfBounds, lane, address, $"{size} bytes outside every allocation");
        if ((address & (ulong)(size - 1)) != 0)
            throw warp.Fault(FaultKind.Misaligned, lane, address, $"{size} bytes");
        return block;
    }

    private Allocation? Find(ulong address)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_blocks[middle].Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && address - _blocks[low - 1].Start < _blocks[low - 1].Length ? _blocks[low - 1] : null;
    }

    private static Fault Race(Warp warp, int lane, ulong address, uint other, string now, string before)
    {
        string who = other == Touched.Many ? "several groups" : $"group {warp.Group.Launch.Groups.At(other - 1)}";
        return warp.Fault(FaultKind.GlobalRace, lane, address, $"{now}, and {before} by {who} in the same launch,");
    }
}
