namespace SpGpu.Models.Weights;

/// <summary>Puts text out of a file into a message: in quotes, on one line, of bounded length.</summary>
internal static class Quoted
{
    private const int MaxLength = 100;

    public static string Text(string text)
    {
        if (text.Length <= MaxLength)
            return $"'{Visible.Of(text)}'";
        // Not through a pair of surrogates.
        int length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"'{Visible.Of(text[..length])}...'";
    }
}
