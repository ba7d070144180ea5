using System.Globalization;
using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Program;

/// <summary>Finds the rows of what instructions are given; constants and special registers have some behind the registers.</summary>
internal sealed class OperandRows(EntryText entry)
{
    private static readonly Dictionary<string, Special> _specials = new()
    {
        ["%tid.x"] = Special.ThreadX,
        ["%tid.y"] = Special.ThreadY,
        ["%tid.z"] = Special.ThreadZ,
        ["%ctaid.x"] = Special.GroupX,
        ["%ctaid.y"] = Special.GroupY,
        ["%ctaid.z"] = Special.GroupZ,
        ["%ntid.x"] = Special.ThreadsX,
        ["%ntid.y"] = Special.ThreadsY,
        ["%ntid.z"] = Special.ThreadsZ,
        ["%nctaid.x"] = Special.GroupsX,
        ["%nctaid.y"] = Special.GroupsY,
        ["%nctaid.z"] = Special.GroupsZ,
        ["%laneid"] = Special.Lane,
    };

    public Dictionary<(int Bits, ulong Value), int> Constants { get; } = [];

    public Dictionary<Special, int> Specials { get; } = [];

    public int Rows { get; private set; } = entry.Rows;

    /// <param name="statement">The instruction, for errors.</param>
    /// <param name="operand">What it is given.</param>
    /// <param name="kind">What it wants: w, l or p, as of opcodes' signatures.</param>
    /// <param name="isTarget">Whether it is set, which only registers can be.</param>
    public int Row(Statement statement, Operand operand, char kind, bool isTarget = false)
    {
        int bits = kind == 'l' ? 64 : kind == 'w' ? 32 : 1;
        switch (operand)
        {
            case Operand.InRegister { Register: var register }:
                if ((register.Bits == 16 ? 32 : register.Bits) != bits)
                    throw new PtxException(statement.Line, string.Create(CultureInfo.InvariantCulture,
                        $"{statement.Opcode} takes no register of {register.Bits} bits ({register.Name}) there"));
                return register.Row;
            case Operand.Constant { Text: var text } when !isTarget && bits > 1:
                return Constant(bits, Value(statement, text));
            case Operand.Named { Name: var name } when !isTarget && bits == 32 && _specials.TryGetValue(name, out Special special):
                if (!Specials.TryGetValue(special, out int row))
                    Specials.Add(special, row = Rows++);
                return row;
            case Operand.Named { Name: var name } when !isTarget && bits > 1 && Variable(name) is { } variable:
                return Constant(bits, (ulong)variable.Offset);
            default:
                throw new PtxException(statement.Line, $"{statement.Opcode} does not take {operand}");
        }
    }

    /// <summary>The rows of a vector's items; one that is no vector is its only item.</summary>
    public int[] Vector(Statement statement, Operand operand, int count, char kind, bool isTarget = false)
    {
        IReadOnlyList<Operand> items = operand is Operand.Vector vector ? vector.Items : [operand];
        return items.Count == count
            ? [.. items.Select(item => Row(statement, item, kind, isTarget))]
            : throw new PtxException(statement.Line, $"{statement.Opcode} takes a vector of {count}");
    }

    /// <summary>A parameter of the kernel; null where it has none of that name.</summary>
    public Variable? Parameter(string name) => entry.Parameters.Find(parameter => parameter.Name == name);

    /// <summary>Those rows that are registers, which somebody has to set.</summary>
    public int[] OnlyRegisters(int[] rows) => [.. rows.Where(row => row < entry.Rows)];

    private Variable? Variable(string name) => entry.Shared.Concat(entry.Local).FirstOrDefault(variable => variable.Name == name);

    private int Constant(int bits, ulong value)
    {
        if (!Constants.TryGetValue((bits, value), out int row))
        {
            Constants.Add((bits, value), row = Rows);
            Rows += bits / 32;
        }
        return row;
    }

    private static ulong Value(Statement statement, string text)
    {
        bool isNegative = text.StartsWith('-');
        string digits = isNegative ? text[1..] : text;
        bool isHexadecimal = digits.StartsWith("0f", StringComparison.OrdinalIgnoreCase)
            || digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHexadecimal ? digits.AsSpan(2) : digits, isHexadecimal ? NumberStyles.HexNumber : NumberStyles.None,
            CultureInfo.InvariantCulture, out ulong value)
            ? isNegative ? (ulong)-(long)value : value
            : throw new PtxException(statement.Line, $"'{text}' is no constant of a kind that is known");
    }
}
