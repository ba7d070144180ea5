using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.PtxMachine.Memory;

/// <summary>
/// Shared memory of a group, and beside each word (each byte, where a kernel stores bytes) who wrote it last and who has
/// read it since: a number that holds the thread, and above it how many barriers the group had passed. What two threads do
/// between the same two barriers has no order.
/// </summary>
internal sealed unsafe class SharedMemory : IDisposable
{
    private const int ThreadBits = 11;
    private const uint Many = (1u << ThreadBits) - 1, InCopy = uint.MaxValue;
    private readonly int _size, _shift;
    private readonly bool _looksForRaces;
    private readonly byte* _bytes;
    private readonly uint* _written, _read;

    /// <summary>The number of the first thread, now.</summary>
    private uint _now;

    /// <param name="size">Bytes.</param>
    /// <param name="looksForRaces">Whether more is looked at than whether it was written before it is read.</param>
    /// <param name="byBytes">Whether to look at each byte.</param>
    public SharedMemory(int size, bool looksForRaces, bool byBytes)
    {
        (_size, _looksForRaces, _shift) = (size, looksForRaces, byBytes ? 0 : 2);
        nuint room = (nuint)Math.Max(size, 1) + 16;
        _bytes = (byte*)NativeMemory.AlignedAlloc(room, 64);
        _written = (uint*)NativeMemory.AllocZeroed(room, sizeof(uint));
        _read = (uint*)NativeMemory.AllocZeroed(room, sizeof(uint));
    }

    /// <summary>Forgets all, for another group.</summary>
    public void Clear()
    {
        nuint bytes = (nuint)((_size >> _shift) + 4) * sizeof(uint);
        NativeMemory.Fill(_bytes, (nuint)_size, 0xFF);
        NativeMemory.Clear(_written, bytes);
        NativeMemory.Clear(_read, bytes);
        _now = 1u << ThreadBits;
    }

    public void PassBarrier() => _now += 1u << ThreadBits;

    public byte* Read(Warp warp, int lane, ulong address, int size)
    {
        Check(warp, lane, address, size);
        uint me = Me(warp, lane);
        (int first, int end) = Places(address, size);
        for (int n = first; n < end; n++)
        {
            uint writer = _written[n];
            if (writer == 0)
                throw warp.Fault(FaultKind.SharedNotWritten, lane, 0, $"shared memory at {address} is read and was never written");
            if (writer >= _now && writer != me && (_looksForRaces || writer == InCopy))
                throw Race(warp, lane, address, writer, "read", "written");
            uint reader = _read[n];
            _read[n] = reader < _now || reader == me ? me : _now | Many;
        }
        return _bytes + address;
    }

    public byte* Write(Warp warp, int lane, ulong address, int size)
    {
        Mark(warp, lane, address, size, Me(warp, lane));
        return _bytes + address;
    }

    /// <summary>From now on nobody may touch the bytes.</summary>
    public void BeginCopy(Warp warp, int lane, ulong address, int size) => Mark(warp, lane, address, size, InCopy);

    public byte* EndCopy(Warp warp, int lane, ulong address, int size)
    {
        (int first, int end) = Places(address, size);
        for (int n = first; n < end; n++)
            _written[n] = Me(warp, lane);
        return _bytes + address;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_bytes);
        NativeMemory.Free(_written);
        NativeMemory.Free(_read);
    }

    private void Mark(Warp warp, int lane, ulong address, int size, uint mark)
    {
        Check(warp, lane, address, size);
        uint me = Me(warp, lane);
        (int first, int end) = Places(address, size);
        for (int n = first; n < end; n++)
        {
            uint writer = _written[n], reader = _read[n];
            if (writer >= _now && writer != me && (_looksForRaces || writer == InCopy))
                throw Race(warp, lane, address, writer, "written", "written");
            if (reader >= _now && reader != me && _looksForRaces)
                throw Race(warp, lane, address, reader, "written", "read");
            _written[n] = mark;
        }
    }

    private void Check(Warp warp, int lane, ulong address, int size)
    {
        if (address > (ulong)_size || (ulong)size > (ulong)_size - address)
            throw warp.Fault(FaultKind.OutOfBounds, lane, 0, $"{size} bytes at {address} of {_size} of shared memory");
        if (address % (ulong)size != 0)
            throw warp.Fault(FaultKind.Misaligned, lane, 0, $"{size} bytes at {address} of shared memory");
    }

    private (int First, int End) Places(ulong address, int size) =>
        ((int)address >> _shift, ((int)address + size + (1 << _shift) - 1) >> _shift);

    private uint Me(Warp warp, int lane) => _now | (uint)((warp.Index * Lanes.Count) + lane);

    private static Fault Race(Warp warp, int lane, ulong address, uint other, string now, string before)
    {
        string who = other == InCopy ? "a copy that is not waited for"
            : (other & Many) == Many ? "several threads, without a barrier since"
            : $"thread number {other & Many}, without a barrier since";
        return warp.Fault(FaultKind.SharedRace, lane, 0, $"shared memory at {address} is {now} and was {before} by {who}");
    }
}
