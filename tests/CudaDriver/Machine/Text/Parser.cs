namespace SpGpu.PtxMachine.Text;

/// <summary>Reads the kernels of a module. Functions are passed over: nothing that the machine runs can call them.</summary>
internal sealed class Parser
{
    private static readonly HashSet<string> _qualifiers = [".visible", ".weak", ".extern"];
    private readonly TokenReader _tokens;

    private Parser(string text) => _tokens = new TokenReader(Lexer.Read(text));

    public static List<EntryText> Read(string text) => new Parser(text).Module();

    private List<EntryText> Module()
    {
        var entries = new List<EntryText>();
        while (!_tokens.IsAtEnd)
        {
            Token token = _tokens.Next();
            switch (token.Text)
            {
                case ".version":
                    _ = _tokens.Next();
                    break;
                case ".target":
                    do
                        _ = _tokens.Next();
                    while (_tokens.Take(","));
                    break;
                case ".address_size":
                    if (_tokens.Next() is { Text: not "64" } size)
                        throw new PtxException(size.Line, $"addresses of {size.Text} bits");
                    break;
                case ".func":
                    PassOverFunction();
                    break;
                case ".entry":
                    entries.Add(Entry());
                    break;
                default:
                    if (!_qualifiers.Contains(token.Text))
                        throw new PtxException(token.Line, $"'{token.Text}' outside a kernel");
                    break;
            }
        }
        return entries;
    }

    private void PassOverFunction()
    {
        for (int depth = 0; ;)
        {
            Token token = _tokens.Next();
            depth += token.Text == "{" ? 1 : token.Text == "}" ? -1 : 0;
            if (depth == 0 && token.Text is ";" or "}")
                return;
        }
    }

    private EntryText Entry()
    {
        var entry = new EntryText(_tokens.Next().Text);
        if (_tokens.Take("("))
        {
            while (!_tokens.Take(")"))
            {
                _tokens.Expect(".param");
                Add(entry.Parameters);
                _ = _tokens.Take(",");
            }
        }
        while (!_tokens.Take("{"))
        {
            Token directive = _tokens.Next();
            int number = (int)_tokens.Number();
            while (_tokens.Take(","))
                number *= (int)_tokens.Number();
            if (directive.Text == ".maxntid")
                entry.MostThreads = number;
            else if (directive.Text != ".minnctapersm")
                throw new PtxException(directive.Line, $"'{directive.Text}' before a kernel's body");
        }
        new BodyParser(_tokens, entry, Add).Read();
        return entry;
    }

    /// <summary>Reads a variable and lays it out behind the others.</summary>
    private void Add(List<Variable> variables)
    {
        int alignment = 1, size = 0;
        Token token = _tokens.Next();
        for (; token.Text.StartsWith('.'); token = _tokens.Next())
        {
            if (token.Text == ".align")
                alignment = (int)_tokens.Number();
            else if (token.Text is not ".ptr" and not ".global")
                size = BodyParser.Bits(token) / 8;
        }
        int element = size;
        if (_tokens.Take("["))
        {
            size *= (int)_tokens.Number();
            _tokens.Expect("]");
        }
        alignment = Math.Max(alignment, element);
        int end = variables.Count == 0 ? 0 : variables[^1].Offset + variables[^1].Size;
        variables.Add(new Variable(token.Text, (end + alignment - 1) / alignment * alignment, size));
    }
}
