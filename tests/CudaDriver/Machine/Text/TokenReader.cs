using System.Globalization;

namespace SpGpu.PtxMachine.Text;

/// <summary>Goes through the words of a text.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _at;

    public bool IsAtEnd => _at == tokens.Count;

    public Token Next() => IsAtEnd ? throw new PtxException(_at == 0 ? 1 : tokens[^1].Line, "the text ends too early") : tokens[_at++];

    /// <summary>The word that comes next, or that many words later; empty behind the end.</summary>
    public string Peek(int later = 0) => _at + later < tokens.Count ? tokens[_at + later].Text : "";

    public bool Take(string text)
    {
        if (Peek() != text)
            return false;
        _at++;
        return true;
    }

    public void Expect(string text)
    {
        if (Next() is var token && token.Text != text)
            throw new PtxException(token.Line, $"'{token.Text}' where '{text}' belongs");
    }

    public long Number()
    {
        bool isNegative = Take("-");
        Token token = Next();
        bool isHexadecimal = token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!long.TryParse(isHexadecimal ? token.Text.AsSpan(2) : token.Text, isHexadecimal ? NumberStyles.HexNumber : NumberStyles.None,
            CultureInfo.InvariantCulture, out long number))
            throw new PtxException(token.Line, $"'{token.Text}' is no number");
        return isNegative ? -number : number;
    }
}
