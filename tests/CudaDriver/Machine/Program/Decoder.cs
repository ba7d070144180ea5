using System.Globalization;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Program;

/// <summary>Makes of a kernel's text what is executed. What it does not know is an error.</summary>
internal sealed unsafe class Decoder(EntryText entry)
{
    private readonly OperandRows _operands = new(entry);

    public Kernel Decode()
    {
        var instructions = new Instruction[entry.Statements.Count];
        for (int n = 0; n < instructions.Length; n++)
            instructions[n] = Decode(entry.Statements[n]);
        SetMeetingPoints(instructions);
        return new Kernel
        {
            Name = entry.Name,
            Instructions = instructions,
            Statements = entry.Statements,
            Parameters = entry.Parameters,
            SharedBytes = Kernel.Size(entry.Shared),
            LocalBytes = Kernel.Size(entry.Local),
            RegisterRows = entry.Rows,
            Rows = _operands.Rows,
            Constants = _operands.Constants,
            Specials = _operands.Specials,
            MostThreads = entry.MostThreads ?? 1024,
            StoresBytes = entry.Statements.Any(statement => statement.Opcode.StartsWith("st.", StringComparison.Ordinal)
                && (statement.Opcode.EndsWith('8') || statement.Opcode.EndsWith("16", StringComparison.Ordinal))),
        };
    }

    private Instruction Decode(Statement statement)
    {
        var instruction = new Instruction
        {
            Guard = statement.Guard?.Row ?? -1,
            IsGuardNegated = statement.IsGuardNegated,
            Reconverge = -1,
            Rows = [],
            Sources = [],
            Destinations = [],
        };
        string[] parts = statement.Opcode.Split('.');
        if (Opcodes.Find(statement.Opcode) is { } known)
            Registers(statement, known, ref instruction);
        else if (parts[0] is "ld" or "st")
            new MemoryDecoder(statement, _operands).Decode(parts, ref instruction);
        else if (parts[0] is "cp")
            new MemoryDecoder(statement, _operands).DecodeCopy(ref instruction);
        else
            DecodeFlow(statement, ref instruction);
        return instruction;
    }

    private void Registers(Statement statement, Opcode opcode, ref Instruction instruction)
    {
        Expect(statement, opcode.Signature.Length);
        var rows = new int[4];
        for (int n = 0; n < opcode.Signature.Length; n++)
            rows[n] = _operands.Row(statement, statement.Operands[n], opcode.Signature[n], isTarget: n == 0);
        (instruction.D, instruction.A, instruction.B, instruction.C) = (rows[0], rows[1], rows[2], rows[3]);
        instruction.Destinations = [rows[0]];
        instruction.Sources = [.. rows[1..opcode.Signature.Length].Where(row => row < entry.Rows)];
        instruction.Run = opcode.Operation.Run;
    }

    private void DecodeFlow(Statement statement, ref Instruction instruction)
    {
        switch (statement.Opcode)
        {
            case "bra" or "bra.uni":
                Expect(statement, 1);
                instruction.Flow = Flow.Branch;
                instruction.IsUniform = statement.Opcode == "bra.uni";
                if (statement.Operands[0] is not Operand.Named { Name: var label }
                    || !entry.Labels.TryGetValue(label, out instruction.Target))
                    throw new PtxException(statement.Line, "a branch to where no label is");
                break;
            case "ret" or "exit":
                Expect(statement, 0);
                instruction.Flow = Flow.Exit;
                break;
            case "bar.sync" or "barrier.sync.aligned":
                Expect(statement, 1);
                if (statement.Operands[0] is not Operand.Constant { Text: "0" })
                    throw new PtxException(statement.Line, "a barrier other than 0");
                instruction.Flow = Flow.GroupBarrier;
                break;
            case "bar.warp.sync":
                Expect(statement, 1);
                instruction.Flow = Flow.WarpWide;
                instruction.Run = &Lanes.Nothing;
                break;
            case "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32":
                Expect(statement, 4);
                instruction.Destinations = _operands.Vector(statement, statement.Operands[0], 4, 'w', isTarget: true);
                instruction.Rows =
                [
                    .. _operands.Vector(statement, statement.Operands[1], 4, 'w'),
                    .. _operands.Vector(statement, statement.Operands[2], 2, 'w'),
                    .. _operands.Vector(statement, statement.Operands[3], 4, 'w'),
                ];
                instruction.Sources = _operands.OnlyRegisters(instruction.Rows);
                instruction.Flow = Flow.WarpWide;
                instruction.Run = &TensorProduct.M16N8K8;
                break;
            default:
                throw new PtxException(statement.Line, $"unknown instruction '{statement.Opcode}'");
        }
    }

    private static void Expect(Statement statement, int operands)
    {
        if (statement.Operands.Count != operands)
            throw new PtxException(statement.Line, string.Create(CultureInfo.InvariantCulture,
                $"{statement.Opcode} with {statement.Operands.Count} operands in place of {operands}"));
    }

    private static void SetMeetingPoints(Instruction[] instructions)
    {
        var successors = new int[instructions.Length][];
        for (int n = 0; n < instructions.Length; n++)
        {
            ref Instruction instruction = ref instructions[n];
            bool isSure = instruction.Guard < 0;
            successors[n] = instruction.Flow switch
            {
                Flow.Branch => isSure ? [instruction.Target] : [n + 1, instruction.Target],
                Flow.Exit => isSure ? [instructions.Length] : [n + 1, instructions.Length],
                _ => [n + 1],
            };
        }
        int[] meeting = PostDominators.Of(successors);
        for (int n = 0; n < instructions.Length; n++)
            instructions[n].Reconverge = meeting[n] == instructions.Length ? -1 : meeting[n];
    }
}
