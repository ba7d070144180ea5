using System.Globalization;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.PtxMachine.Memory;

/// <summary>
/// The pieces of memory that a launch may touch. In a block that has tensors of the launch these are they; of other blocks
/// that its parameters point to, which hold packed weights and tables, it may read all.
/// </summary>
internal sealed class TensorBounds
{
    private readonly List<Piece> _pieces = [];
    private readonly HashSet<Allocation> _withTensors = [], _readable = [];
    private Piece _lastRead, _lastWritten;

    /// <param name="extents">The tensors.</param>
    /// <param name="parameters">The parameters of the launch.</param>
    /// <param name="find">The block of an address.</param>
    public TensorBounds(IReadOnlyList<Extent> extents, ReadOnlySpan<ulong> parameters, Func<ulong, Allocation?> find)
    {
        for (int number = 0; number < extents.Count; number++)
        {
            Extent extent = extents[number];
            if (find(extent.Start) is { } block)
                _withTensors.Add(block);
            for (uint n = 0; n < extent.Pieces; n++)
            {
                ulong start = extent.Start + (n * extent.Stride);
                _pieces.Add(new Piece(start, start + extent.Bytes, extent.Role, number));
            }
        }
        foreach (ulong parameter in parameters)
        {
            if (find(parameter) is { } block && !_withTensors.Contains(block))
                _readable.Add(block);
        }
    }

    public void CheckRead(Warp warp, int lane, Allocation block, ulong address, int size)
    {
        if (_lastRead.Has(address, size) || _readable.Contains(block))
            return;
        if (!TryFind(address, size, toWrite: false, out _lastRead))
            throw Outside(warp, lane, block, address, size, "read");
    }

    public void CheckWrite(Warp warp, int lane, Allocation block, ulong address, int size)
    {
        if (_lastWritten.Has(address, size))
            return;
        if (TryFind(address, size, toWrite: true, out _lastWritten))
            return;
        throw _readable.Contains(block) || TryFind(address, size, toWrite: false, out _)
            ? warp.Fault(FaultKind.InputWritten, lane, address, $"{size} bytes of what the launch may only read are written")
            : Outside(warp, lane, block, address, size, "written");
    }

    private bool TryFind(ulong address, int size, bool toWrite, out Piece found)
    {
        foreach (Piece piece in _pieces)
        {
            if (piece.Has(address, size) && !(toWrite && piece.Role == Role.Input))
            {
                found = piece;
                return true;
            }
        }
        found = default;
        return false;
    }

    private Fault Outside(Warp warp, int lane, Allocation block, ulong address, int size, string how)
    {
        string where = _withTensors.Contains(block) ? Nearest(address) : "in a block that it was not given";
        return warp.Fault(FaultKind.OutsideTensors, lane, address, $"{size} bytes {how} outside the tensors of the launch, {where},");
    }

    private string Nearest(ulong address)
    {
        Piece nearest = _pieces.MinBy(piece => piece.Distance(address));
        string what = string.Create(CultureInfo.InvariantCulture, $"tensor {nearest.Number} ({nearest.Role})");
        return address < nearest.Start
            ? string.Create(CultureInfo.InvariantCulture, $"{nearest.Start - address} before {what} begins")
            : address >= nearest.End
            ? string.Create(CultureInfo.InvariantCulture, $"{address - nearest.End} behind the end of {what}")
            : $"across the end of {what}";
    }

    private readonly record struct Piece(ulong Start, ulong End, Role Role, int Number)
    {
        public bool Has(ulong address, int size) => address >= Start && address + (ulong)size <= End;

        public ulong Distance(ulong address) => address < Start ? Start - address : address >= End ? address - End : 0;
    }
}
