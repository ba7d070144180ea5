using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Program;

/// <summary>Decodes loads, stores and copies.</summary>
internal sealed unsafe class MemoryDecoder(Statement statement, OperandRows operands)
{
    private static readonly Dictionary<string, int> _sizes = new()
    {
        ["b8"] = 1,
        ["u8"] = 1,
        ["b32"] = 4,
        ["u32"] = 4,
        ["s32"] = 4,
        ["f32"] = 4,
        ["b64"] = 8,
        ["u64"] = 8,
    };

    /// <param name="parts">Of the opcode: ld or st, a space that is generic where none stands, the items of a vector, a type.</param>
    public void Decode(string[] parts, ref Instruction instruction)
    {
        int at = 1;
        string space = at < parts.Length && parts[at] is "param" or "global" or "shared" or "local" ? parts[at++] : "generic";
        instruction.Count = at < parts.Length && parts[at] is "v2" or "v4" ? parts[at++][1] - '0' : 1;
        if (at != parts.Length - 1 || !_sizes.TryGetValue(parts[at], out instruction.Size) || statement.Operands.Count != 2)
            throw Unknown();
        bool isLoad = parts[0] == "ld";
        char kind = instruction.Size == 8 ? 'l' : 'w';
        Operand.Address address = statement.Operands[isLoad ? 0 : 1] is Operand.Address ? throw Unknown()
            : statement.Operands[isLoad ? 1 : 0] as Operand.Address ?? throw Unknown();
        instruction.Rows = operands.Vector(statement, statement.Operands[isLoad ? 0 : 1], instruction.Count, kind, isLoad);
        instruction.Offset = address.Offset;
        if (space == "param")
        {
            if (!isLoad || address.Base is not Operand.Named { Name: var name } || operands.Parameter(name) is not { } parameter)
                throw Unknown();
            if (address.Offset < 0 || address.Offset + (instruction.Size * instruction.Count) > parameter.Size)
                throw new PtxException(statement.Line, $"a load outside the {parameter.Size} bytes of parameter {name}");
            instruction.Offset += parameter.Offset;
            instruction.Destinations = instruction.Rows;
            instruction.Run = &MemoryOperations.LoadParameter;
            return;
        }
        instruction.A = Base(address, out instruction.IsWide);
        if (isLoad)
            instruction.Destinations = instruction.Rows;
        instruction.Sources = operands.OnlyRegisters(isLoad ? [instruction.A] : [instruction.A, .. instruction.Rows]);
        if (space is "global" or "generic" && !instruction.IsWide)
            throw new PtxException(statement.Line, "an address of 32 bits outside shared memory");
        instruction.Run = (space, isLoad) switch
        {
            ("shared", true) => &MemoryOperations.Load<SharedSpace>,
            ("shared", false) => &MemoryOperations.Store<SharedSpace>,
            ("local", true) => &MemoryOperations.Load<LocalSpace>,
            ("local", false) => &MemoryOperations.Store<LocalSpace>,
            (_, true) => &MemoryOperations.Load<GlobalSpace>,
            (_, false) => &MemoryOperations.Store<GlobalSpace>,
        };
    }

    public void DecodeCopy(ref Instruction instruction)
    {
        switch (statement.Opcode)
        {
            case "cp.async.ca.shared.global" or "cp.async.cg.shared.global":
                if (statement.Operands is not [Operand.Address target, Operand.Address source, Operand.Constant { Text: var size }, ..]
                    || statement.Operands.Count > 4)
                    throw Unknown();
                instruction.Size = size switch { "4" => 4, "8" => 8, "16" => 16, _ => throw Unknown() };
                if (instruction.Size != 16 && statement.Opcode.Contains("cg", StringComparison.Ordinal))
                    throw new PtxException(statement.Line, "cp.async.cg copies 16 bytes");
                if (target.Offset != 0 || source.Offset != 0)
                    throw Unknown();
                instruction.A = Base(target, out instruction.IsWide);
                instruction.B = Base(source, out bool isWide);
                if (!isWide)
                    throw new PtxException(statement.Line, "an address of 32 bits outside shared memory");
                instruction.C = operands.Row(statement, statement.Operands.Count == 4 ? statement.Operands[3] : statement.Operands[2], 'w');
                instruction.Sources = operands.OnlyRegisters([instruction.A, instruction.B, instruction.C]);
                instruction.Run = &AsyncCopies.Issue;
                break;
            case "cp.async.commit_group":
                instruction.Run = &AsyncCopies.Commit;
                break;
            case "cp.async.wait_group":
                if (statement.Operands is not [Operand.Constant { Text: var groups }] || !int.TryParse(groups, out int left))
                    throw Unknown();
                instruction.Offset = left;
                instruction.Run = &AsyncCopies.Wait;
                break;
            case "cp.async.wait_all":
                instruction.Offset = -1;
                instruction.Run = &AsyncCopies.Wait;
                break;
            default:
                throw Unknown();
        }
    }

    private int Base(Operand.Address address, out bool isWide)
    {
        isWide = address.Base is Operand.InRegister { Register.Bits: 64 };
        return operands.Row(statement, address.Base, isWide ? 'l' : 'w');
    }

    private PtxException Unknown() => new(statement.Line, $"unknown instruction '{statement.Opcode}', or unknown with these operands");
}
