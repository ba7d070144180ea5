using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Program;

/// <summary>Values that registers of every kernel have by themselves.</summary>
internal enum Special
{
    ThreadX,
    ThreadY,
    ThreadZ,
    GroupX,
    GroupY,
    GroupZ,
    ThreadsX,
    ThreadsY,
    ThreadsZ,
    GroupsX,
    GroupsY,
    GroupsZ,
    Lane,
}

/// <summary>A kernel that can be executed.</summary>
internal sealed class Kernel
{
    public required string Name { get; init; }

    public required Instruction[] Instructions { get; init; }

    /// <summary>The text of each instruction, for reports.</summary>
    public required IReadOnlyList<Statement> Statements { get; init; }

    public required IReadOnlyList<Variable> Parameters { get; init; }

    /// <summary>Bytes of shared memory that the text asks for.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Bytes of memory that each thread has for itself.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Rows of registers, which come first, and rows of all.</summary>
    public required int RegisterRows { get; init; }

    public required int Rows { get; init; }

    /// <summary>Constants and their rows; those of 64 bits have two.</summary>
    public required IReadOnlyDictionary<(int Bits, ulong Value), int> Constants { get; init; }

    public required IReadOnlyDictionary<Special, int> Specials { get; init; }

    public required int MostThreads { get; init; }

    /// <summary>Whether it stores less than 4 bytes, so that neighbours in a word may be others' business.</summary>
    public required bool StoresBytes { get; init; }

    public int ParameterBytes => Size(Parameters);

    /// <summary>Bytes that variables take.</summary>
    public static int Size(IReadOnlyList<Variable> variables) => variables.Count == 0 ? 0 : variables[^1].Offset + variables[^1].Size;

    /// <summary>The kernels of a module.</summary>
    /// <exception cref="PtxException">It does not parse, or says what the machine does not know.</exception>
    public static IReadOnlyList<Kernel> Read(string ptx) => [.. Parser.Read(ptx).Select(entry => new Decoder(entry).Decode())];
}
