namespace SpGpu.PtxMachine.Text;

/// <summary>A word or a mark of PTX, with its line.</summary>
internal readonly record struct Token(string Text, int Line);

/// <summary>Takes PTX apart into words and marks; comments are left out.</summary>
internal static class Lexer
{
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c) || c == '\0')
            {
                line += c == '\n' ? 1 : 0;
                at++;
            }
            else if (text.AsSpan(at).StartsWith("//"))
                at = End(text, "\n", at);
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                int end = End(text, "*/", at + 2);
                line += text.AsSpan(at, end - at).Count('\n');
                at = end + 2;
            }
            else
            {
                int end = at + 1;
                while (IsWord(c) && end < text.Length && IsWord(text[end]))
                    end++;
                tokens.Add(new Token(text[at..end], line));
                at = end;
            }
        }
        return tokens;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '%' or '_' or '$' or '.';

    private static int End(string text, string mark, int from) =>
        text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and int at ? at : text.Length;
}
