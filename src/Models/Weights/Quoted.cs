using System.Globalization;
using System.Text;

namespace SpGpu.Models.Weights;

/// <summary>Puts text out of a file into a message: in quotes, on one line, of bounded length.</summary>
internal static class Quoted
{
    private const int MaxLength = 100;

    public static string Text(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }
        return quoted.Append(text.Length > MaxLength ? "...'" : "'").ToString();
    }
}
