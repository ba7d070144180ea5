namespace SpGpu.PtxMachine.Text;

/// <summary>A register: where its lanes lie, in rows of 32 words, and how wide it is (1 for predicates).</summary>
internal sealed record Register(string Name, int Row, int Bits);

/// <summary>What an instruction is given.</summary>
internal abstract record Operand
{
    public sealed record InRegister(Register Register) : Operand;

    public sealed record Constant(string Text) : Operand;

    /// <summary>A label, a parameter, a variable in shared memory or a special register.</summary>
    public sealed record Named(string Name) : Operand;

    public sealed record Address(Operand Base, long Offset) : Operand;

    public sealed record Vector(IReadOnlyList<Operand> Items) : Operand;
}

/// <summary>An instruction as it is written.</summary>
internal sealed record Statement(int Line, string Opcode, Register? Guard, bool IsGuardNegated, IReadOnlyList<Operand> Operands);

/// <summary>A parameter of a kernel or a variable in shared memory.</summary>
internal sealed record Variable(string Name, int Offset, int Size);

/// <summary>A kernel as it is written.</summary>
internal sealed class EntryText(string name)
{
    public string Name { get; } = name;

    public List<Variable> Parameters { get; } = [];

    public List<Variable> Shared { get; } = [];

    /// <summary>Variables that each thread has for itself.</summary>
    public List<Variable> Local { get; } = [];

    public List<Statement> Statements { get; } = [];

    /// <summary>Labels, and the statement that each is before.</summary>
    public Dictionary<string, int> Labels { get; } = [];

    /// <summary>Rows that the registers take.</summary>
    public int Rows { get; set; }

    /// <summary>The most threads of a group, where the text says it.</summary>
    public int? MostThreads { get; set; }
}
