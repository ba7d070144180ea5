namespace SpGpu.PtxMachine.Text;

/// <summary>Reads what lies between the braces of a kernel; a block within has registers of its own.</summary>
internal sealed class BodyParser(TokenReader tokens, EntryText entry, Action<List<Variable>> variable)
{
    private readonly Stack<Dictionary<string, Register>> _scopes = new();

    public void Read()
    {
        _scopes.Push([]);
        while (_scopes.Count > 0)
        {
            if (tokens.Take("}"))
                _scopes.Pop();
            else if (tokens.Take("{"))
                _scopes.Push([]);
            else if (tokens.Take(".reg"))
                Registers();
            else if (tokens.Peek() is ".shared" or ".local")
            {
                variable(tokens.Next().Text == ".shared" ? entry.Shared : entry.Local);
                tokens.Expect(";");
            }
            else if (tokens.Peek(1) == ":")
            {
                Token label = tokens.Next();
                tokens.Expect(":");
                if (!entry.Labels.TryAdd(label.Text, entry.Statements.Count))
                    throw new PtxException(label.Line, $"{label.Text} stands twice");
            }
            else
                Instruction();
        }
    }

    /// <summary>The width of a type; 1 for predicates.</summary>
    public static int Bits(Token type) => type.Text switch
    {
        ".pred" => 1,
        ".b8" or ".u8" or ".s8" => 8,
        ".b16" or ".u16" or ".s16" => 16,
        ".b32" or ".u32" or ".s32" or ".f32" => 32,
        ".b64" or ".u64" or ".s64" => 64,
        _ => throw new PtxException(type.Line, $"unknown type '{type.Text}'"),
    };

    private void Registers()
    {
        int bits = Bits(tokens.Next());
        do
        {
            string name = tokens.Next().Text;
            if (tokens.Take("<"))
            {
                long count = tokens.Number();
                tokens.Expect(">");
                for (long n = 0; n < count; n++)
                    Declare($"{name}{n}", bits);
            }
            else
                Declare(name, bits);
        }
        while (tokens.Take(","));
        tokens.Expect(";");
    }

    private void Declare(string name, int bits)
    {
        _scopes.Peek()[name] = new Register(name, entry.Rows, bits);
        entry.Rows += bits == 64 ? 2 : 1;
    }

    private void Instruction()
    {
        Register? guard = null;
        bool isNegated = false;
        Token opcode = tokens.Next();
        if (opcode.Text.StartsWith('.'))
            throw new PtxException(opcode.Line, $"'{opcode.Text}' in a kernel is not known");
        if (opcode.Text == "@")
        {
            isNegated = tokens.Take("!");
            Token name = tokens.Next();
            guard = Find(name.Text) is { Bits: 1 } found ? found : throw new PtxException(name.Line, $"no predicate '{name.Text}'");
            opcode = tokens.Next();
        }
        var operands = new List<Operand>();
        while (!tokens.Take(";"))
        {
            if (operands.Count > 0)
                tokens.Expect(",");
            operands.Add(Operand());
        }
        entry.Statements.Add(new Statement(opcode.Line, opcode.Text, guard, isNegated, operands));
    }

    private Operand Operand()
    {
        if (tokens.Take("{"))
        {
            var items = new List<Operand>();
            do
                items.Add(Operand());
            while (tokens.Take(","));
            tokens.Expect("}");
            return new Operand.Vector(items);
        }
        if (tokens.Take("["))
        {
            Operand start = Operand();
            long offset = 0;
            if (tokens.Take("+"))
                offset = tokens.Number();
            tokens.Expect("]");
            return new Operand.Address(start, offset);
        }
        string sign = tokens.Take("-") ? "-" : "";
        Token token = tokens.Next();
        if (char.IsAsciiDigit(token.Text[0]))
            return new Operand.Constant(sign + token.Text);
        if (sign.Length > 0 || !(char.IsAsciiLetter(token.Text[0]) || token.Text[0] is '%' or '_' or '$'))
            throw new PtxException(token.Line, $"'{sign}{token.Text}' is no operand");
        return Find(token.Text) is { } register ? new Operand.InRegister(register) : new Operand.Named(token.Text);
    }

    private Register? Find(string name)
    {
        foreach (Dictionary<string, Register> scope in _scopes)
        {
            if (scope.TryGetValue(name, out Register? register))
                return register;
        }
        return null;
    }
}
