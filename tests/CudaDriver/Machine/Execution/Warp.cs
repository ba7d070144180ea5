using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Program;
using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Execution;

/// <summary>
/// 32 threads with their registers. Those that are at the same instruction are done together; the others wait. In a register
/// file a row is 32 words, one a lane, and a predicate is the first word of its row, one bit a lane.
/// </summary>
internal sealed unsafe class Warp : IDisposable
{
    private const int RowWords = 32;
    private readonly Kernel _kernel;
    private readonly Launch _launch;
    private readonly Paths _paths;
    private readonly KernelCounts? _counts;
    private readonly uint* _file;

    private readonly byte* _local;

    /// <summary>The lanes that have set a row.</summary>
    private readonly uint* _set;

    /// <summary>The lanes that the warp began with, and those that have not ended.</summary>
    private readonly uint _lanes;
    private uint _live;
    private int _at;

    public Warp(Group group, int index)
    {
        (Group, Index, _launch, _kernel) = (group, index, group.Launch, group.Launch.Kernel);
        _counts = _launch.Counts;
        long threads = _launch.Threads.Count - ((long)index * Lanes.Count);
        _lanes = threads >= Lanes.Count ? Lanes.All : (1u << (int)threads) - 1;
        _paths = new Paths(_launch.Options.Together);
        Copies = new AsyncCopies();
        _file = (uint*)NativeMemory.AlignedAlloc((nuint)(_kernel.Rows * RowWords * sizeof(uint)), 64);
        NativeMemory.Clear(_file, (nuint)(_kernel.Rows * RowWords * sizeof(uint)));
        _set = (uint*)NativeMemory.AlignedAlloc((nuint)(_kernel.Rows * sizeof(uint)), 64);
        _local = (byte*)NativeMemory.AlignedAlloc((nuint)((_kernel.LocalBytes * Lanes.Count) + 1), 64);
        Addresses = (ulong*)NativeMemory.AlignedAlloc(Lanes.Count * sizeof(ulong), 64);
        foreach (((int bits, ulong value), int row) in _kernel.Constants)
        {
            if (bits == 64)
                new Span<ulong>(Row<ulong>(row), Lanes.Count).Fill(value);
            else
                new Span<uint>(Row<uint>(row), Lanes.Count).Fill((uint)value);
        }
    }

    public Group Group { get; }

    public int Index { get; }

    public AsyncCopies Copies { get; }

    /// <summary>Room for the addresses of an access.</summary>
    public ulong* Addresses { get; }

    public bool IsWaiting { get; private set; }

    public bool HasEnded => _live == 0;

    /// <summary>Whether some of its threads have ended.</summary>
    public bool HasLeft => _live != _lanes;

    /// <summary>Instructions that its threads have executed.</summary>
    public long Executed { get; set; }

    public T* Row<T>(int row)
        where T : unmanaged => (T*)(_file + (row * RowWords));

    public ref uint Predicate(int row) => ref _file[row * RowWords];

    /// <summary>Where something of a thread's own memory lies.</summary>
    public byte* Local(int lane, ulong address, int size)
    {
        if (address > (ulong)_kernel.LocalBytes || (ulong)size > (ulong)_kernel.LocalBytes - address)
            throw Fault(FaultKind.OutOfBounds, lane, 0, $"{size} bytes at {address} of {_kernel.LocalBytes} of the thread's own memory");
        if (address % (ulong)size != 0)
            throw Fault(FaultKind.Misaligned, lane, 0, $"{size} bytes at {address} of the thread's own memory");
        return _local + (lane * _kernel.LocalBytes) + address;
    }

    /// <summary>Starts on the group's threads.</summary>
    public void Begin()
    {
        NativeMemory.Clear(_set, (nuint)(_kernel.RegisterRows * sizeof(uint)));
        NativeMemory.Fill(_local, (nuint)(_kernel.LocalBytes * Lanes.Count), 0xFF);
        _live = _lanes;
        IsWaiting = false;
        _paths.Begin(_lanes);
        Copies.Clear();
        foreach ((Special special, int row) in _kernel.Specials)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
                Row<uint>(row)[lane] = Value(special, lane);
        }
    }

    public void PassBarrier()
    {
        IsWaiting = false;
        _paths.Last.At++;
    }

    /// <summary>Executes instructions until all lanes wait or have ended, at most so many.</summary>
    /// <returns>How many there were.</returns>
    public int Run(int most, ref Sequence random)
    {
        Instruction[] code = _kernel.Instructions;
        int steps = 0;
        if (!_paths.Choose(ref random))
            throw Fault(FaultKind.DivergentBarrier, 0, 0, "lanes of the warp wait at different barriers");
        for (; steps < most && !IsWaiting && _live != 0; steps++)
        {
            if (_paths.HaveMet() && !_paths.Choose(ref random))
                throw Fault(FaultKind.DivergentBarrier, 0, 0, "lanes of the warp wait at different barriers");
            ref Path path = ref _paths.Last;
            if ((uint)(_at = path.At) >= (uint)code.Length)
            {
                End(path.Mask);
                continue;
            }
            ref Instruction i = ref code[_at];
            uint mask = path.Mask;
            if (i.Guard >= 0)
            {
                CheckSet(i.Guard, mask);
                mask &= i.IsGuardNegated ? ~Predicate(i.Guard) : Predicate(i.Guard);
            }
            Executed += BitOperations.PopCount(mask);
            _counts?.Count(_at, mask);
            switch (i.Flow)
            {
                case Flow.None:
                    Execute(ref i, mask);
                    path.At++;
                    break;
                case Flow.Branch:
                    if (i.IsUniform && mask != 0 && mask != path.Mask)
                        throw Fault(FaultKind.DivergentUniformBranch, BitOperations.TrailingZeroCount(mask), 0, "lanes of it disagree");
                    _paths.Branch(i.Target, i.Reconverge, mask);
                    break;
                case Flow.Exit:
                    path.At++;
                    End(mask);
                    break;
                default:
                    Meet(ref path, ref i, mask);
                    break;
            }
            if (!_launch.Options.Together && _paths.MayChange && !_paths.Choose(ref random))
                throw Fault(FaultKind.DivergentBarrier, 0, 0, "lanes of the warp wait at different barriers");
        }
        return steps;
    }

    /// <summary>What is to be said of a lane that did wrong.</summary>
    public Fault Fault(FaultKind kind, int lane, ulong address, string message)
    {
        Size3 thread = _launch.Threads.At(((long)Index * Lanes.Count) + lane), group = _launch.Groups.At(Group.Number);
        Statement? statement = _at < _kernel.Statements.Count ? _kernel.Statements[_at] : null;
        string place = address == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at 0x{address:x}");
        return new Fault(kind, string.Create(CultureInfo.InvariantCulture,
            $"{_kernel.Name}, line {statement?.Line} ({statement?.Opcode}), group {group}, thread {thread}: {message}{place}"));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_file);
        NativeMemory.AlignedFree(_local);
        NativeMemory.AlignedFree(_set);
        NativeMemory.AlignedFree(Addresses);
    }

    private void Execute(ref Instruction i, uint mask)
    {
        if (mask == 0)
            return;
        foreach (int row in i.Sources)
            CheckSet(row, mask);
        i.Run(this, ref i, mask);
        _counts?.CountAccess(this, ref i, _at, mask);
        foreach (int row in i.Destinations)
            _set[row] |= mask;
    }

    private void CheckSet(int row, uint mask)
    {
        uint missing = mask & ~_set[row];
        if (missing != 0)
        {
            throw Fault(
                FaultKind.RegisterNotSet, BitOperations.TrailingZeroCount(missing), 0, $"register {Name(row)} is read before it is set");
        }
    }

    /// <summary>A barrier of the group, or what the whole warp does at once.</summary>
    private void Meet(ref Path path, ref Instruction i, uint mask)
    {
        if (mask == 0 && i.Guard >= 0)
        {
            path.At++;
            return;
        }
        if (mask != path.Mask || (mask != _live && _launch.Options.Together))
        {
            throw Fault(
                FaultKind.DivergentBarrier, BitOperations.TrailingZeroCount(_live & ~mask), 0, "does not come here with its warp");
        }
        path.IsWaiting = mask != _live;
        if (path.IsWaiting)
            return;
        if (i.Flow == Flow.GroupBarrier)
            IsWaiting = true;
        else
        {
            Execute(ref i, mask);
            path.At++;
        }
    }

    private void End(uint mask)
    {
        _live &= ~mask;
        _paths.End(mask);
    }

    private string Name(int row)
    {
        foreach (Statement statement in _kernel.Statements)
        {
            foreach (Operand operand in statement.Operands)
            {
                if (Find(operand, row) is { } name)
                    return name;
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"in row {row}");
    }

    private static string? Find(Operand operand, int row) => operand switch
    {
        Operand.InRegister { Register: var register } => register.Row == row ? register.Name : null,
        Operand.Address { Base: var start } => Find(start, row),
        Operand.Vector { Items: var items } => items.Select(item => Find(item, row)).FirstOrDefault(name => name is not null),
        _ => null,
    };

    private uint Value(Special special, int lane)
    {
        Size3 thread = _launch.Threads.At(((long)Index * Lanes.Count) + lane), group = _launch.Groups.At(Group.Number);
        return special switch
        {
            Special.ThreadX => thread.X,
            Special.ThreadY => thread.Y,
            Special.ThreadZ => thread.Z,
            Special.GroupX => group.X,
            Special.GroupY => group.Y,
            Special.GroupZ => group.Z,
            Special.ThreadsX => _launch.Threads.X,
            Special.ThreadsY => _launch.Threads.Y,
            Special.ThreadsZ => _launch.Threads.Z,
            Special.GroupsX => _launch.Groups.X,
            Special.GroupsY => _launch.Groups.Y,
            Special.GroupsZ => _launch.Groups.Z,
            _ => (uint)lane,
        };
    }
}
