using System.Numerics;
using System.Text;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Reads one pickle as data. It knows the instructions of <see cref="PickleOpcode"/> and no others; names of classes and
/// functions become symbols that <see cref="TorchObjects"/> gives a meaning or refuses, so nothing is looked up or run.
/// Every operand is checked, and what a small file can make of memory is bounded.
/// </summary>
internal sealed class PickleReader(ByteCursor cursor, TorchObjects objects)
{
    /// <summary>Far more than a checkpoint needs: its pickle has about 250 bytes for a tensor.</summary>
    private const int MaxLength = 8 << 20;

    /// <summary>Each makes an object at most; a checkpoint has about 60 for a tensor.</summary>
    private const int MaxInstructions = 1 << 20;
    private const int MaxStack = 1 << 17, MaxMemo = 1 << 20, MaxDepth = 64, MaxGlobal = 256;

    /// <summary>
    /// A longer text says nothing about weights and is passed over, up to a length that no checkpoint has. NumPy's arrays
    /// are texts in a pickle, and the losses that a run keeps of all its steps take more than a megabyte each.
    /// </summary>
    private const int MaxText = 1 << 16, MaxLongText = 1 << 26;

    private static readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ByteSource _source = cursor.Source;
    private readonly long _start = cursor.Position;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private long _passedOver;

    /// <summary>Reads up to and including STOP and gives the value that the pickle holds.</summary>
    public object? Read()
    {
        if ((PickleOpcode)cursor.ReadByte() != PickleOpcode.Proto)
            throw Broken("it does not start with its protocol");
        byte protocol = cursor.ReadByte();
        if (protocol != 2)
            throw _source.Refused(
                $"it is pickled with protocol {protocol}, not 2", "save it with torch.save and its default pickle_protocol");
        for (int instructions = 0; ; instructions++)
        {
            var opcode = (PickleOpcode)cursor.ReadByte();
            if (opcode == PickleOpcode.Stop)
                break;
            Execute(opcode);
            if (_stack.Count + _marks.Count > MaxStack || _memo.Count > MaxMemo || instructions > MaxInstructions
                || cursor.Position - _start - _passedOver > MaxLength)
                throw Broken("it is larger than that of any checkpoint");
        }
        if (_stack.Count != 1 || _marks.Count != 0)
            throw Broken("it does not end with one value");
        return _stack[0];
    }

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _marks.Push(_stack.Count);
                break;
            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue:
                Push(true);
                break;
            case PickleOpcode.NewFalse:
                Push(false);
                break;
            case PickleOpcode.BinInt:
                Push((long)cursor.ReadInt32());
                break;
            case PickleOpcode.BinInt1:
                Push((long)cursor.ReadByte());
                break;
            case PickleOpcode.BinInt2:
                Push((long)cursor.ReadUInt16());
                break;
            case PickleOpcode.Long1:
                PushInteger(new BigInteger(cursor.ReadBytes(cursor.ReadByte())));
                break;
            case PickleOpcode.BinFloat:
                Push(cursor.ReadDoubleBigEndian());
                break;
            case PickleOpcode.BinUnicode:
                Push(Text(cursor.ReadUInt32()));
                break;
            case PickleOpcode.ShortBinString:
                Push(Text(cursor.ReadByte()));
                break;
            case PickleOpcode.EmptyList:
                Push(new PickleList());
                break;
            case PickleOpcode.EmptyDict:
                Push(new PickleDict());
                break;
            case PickleOpcode.EmptyTuple or PickleOpcode.EmptySet:
                // A set holds no tensors; that it could grow does not matter, as no instruction here adds to one.
                Push(new PickleTuple([]));
                break;
            case PickleOpcode.Tuple:
                Push(new PickleTuple(PopToMark()));
                break;
            case PickleOpcode.Tuple1:
                Push(new PickleTuple(Pop(1)));
                break;
            case PickleOpcode.Tuple2:
                Push(new PickleTuple(Pop(2)));
                break;
            case PickleOpcode.Tuple3:
                Push(new PickleTuple(Pop(3)));
                break;
            case PickleOpcode.Append:
                AppendTo(Pop(1));
                break;
            case PickleOpcode.Appends:
                AppendTo(PopToMark());
                break;
            case PickleOpcode.SetItem:
                SetIn(Pop(2));
                break;
            case PickleOpcode.SetItems:
                SetIn(PopToMark());
                break;
            case PickleOpcode.BinPut:
                Remember(cursor.ReadByte());
                break;
            case PickleOpcode.LongBinPut:
                Remember(cursor.ReadUInt32());
                break;
            case PickleOpcode.BinGet:
                Recall(cursor.ReadByte());
                break;
            case PickleOpcode.LongBinGet:
                Recall(cursor.ReadUInt32());
                break;
            case PickleOpcode.Global:
                Push(objects.Global($"{Line()}.{Line()}"));
                break;
            case PickleOpcode.Reduce or PickleOpcode.NewObject:
                object?[] call = Pop(2);
                Push(objects.Call(call[0], call[1]));
                break;
            case PickleOpcode.Build:
                object? attributes = Pop(1)[0];
                objects.CheckBuild(Top(), attributes);
                break;
            case PickleOpcode.BinPersistentId:
                Push(objects.Persistent(Pop(1)[0]));
                break;
            default:
                throw Broken($"the instruction 0x{(byte)opcode:x2} has no place in a checkpoint");
        }
    }

    private void Push(object? value)
    {
        CheckDepth(value);
        _stack.Add(value);
    }

    /// <summary>Pushes a long where it fits one, as the other integer instructions do.</summary>
    private void PushInteger(BigInteger integer)
    {
        if (integer >= long.MinValue && integer <= long.MaxValue)
            Push((long)integer);
        else
            Push(integer);
    }

    /// <summary>The topmost value, where the last mark leaves one.</summary>
    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Broken("it takes a value where there is none");

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    private object?[] Pop(int count)
    {
        if (_stack.Count - count < Floor)
            throw Broken("it takes a value where there is none");
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw Broken("it goes back to a mark that was not set");
        object?[] values = Pop(_stack.Count - _marks.Peek());
        _marks.Pop();
        return values;
    }

    private void AppendTo(object?[] items)
    {
        if (Top() is not PickleList list)
            throw Broken($"it appends to {Pickled.Describe(Top())}");
        foreach (object? item in items)
            list.Add(item);
        CheckDepth(list);
    }

    private void SetIn(object?[] pairs)
    {
        if (Top() is not PickleDict dict)
            throw Broken($"it sets an item of {Pickled.Describe(Top())}");
        if (pairs.Length % 2 != 0)
            throw Broken("it sets a key without a value");
        for (int i = 0; i < pairs.Length; i += 2)
            objects.SetItem(dict, pairs[i], pairs[i + 1]);
        CheckDepth(dict);
    }

    private void CheckDepth(object? value)
    {
        if (value is PickleContainer { Depth: > MaxDepth })
            throw Broken($"it nests more than {MaxDepth} levels deep");
    }

    private void Remember(uint index)
    {
        if (index >= MaxMemo)
            throw Broken($"it remembers a value under the number {index}, which no checkpoint has");
        _memo[index] = Top();
    }

    private void Recall(uint index) => Push(_memo.TryGetValue(index, out object? value) ? value
        : throw Broken($"it recalls value {index}, which it never remembered"));

    private object Text(uint length)
    {
        if (length > MaxLongText)
            throw Broken($"it claims a text of {length} bytes");
        if (length > MaxText)
        {
            cursor.Skip(length);
            _passedOver += length;
            return LongText.Instance;
        }
        try
        {
            return _utf8.GetString(cursor.ReadBytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a text in it is not UTF-8");
        }
    }

    /// <summary>A line of printable ASCII, as the name of a module or of a thing within it is.</summary>
    private string Line()
    {
        var line = new StringBuilder();
        for (char c = (char)cursor.ReadByte(); c != '\n'; c = (char)cursor.ReadByte())
        {
            if (c is < ' ' or > '~' || line.Length == MaxGlobal)
                throw Broken("it refers to a class or function by a name that cannot be one");
            line.Append(c);
        }
        return line.ToString();
    }

    private WeightsException Broken(string problem) => _source.Damaged($"in its pickle {problem}");
}
