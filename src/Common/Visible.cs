using System.Buffers;
using System.Globalization;
using System.Text;

namespace SpGpu;

/// <summary>Makes text from elsewhere fit to be shown: what a terminal would obey, or nobody would see, becomes visible.</summary>
public static class Visible
{
    /// <summary>
    /// The text with <c>\u001b</c> and the like in place of control characters, line ends, marks of writing direction, other
    /// invisible marks and halves of surrogate pairs. Letters of every script and emoji stay as they are, and so does the
    /// result when it comes here again.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder(text.Length);
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done;
            if (isWhole && IsSeen(rune))
                shown.Append(rest[..length]);
            else
            {
                foreach (char unit in rest[..length])
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            rest = rest[length..];
        }
        return shown.ToString();
    }

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => BelongsToText(rune.Value),
        _ => true,
    };

    /// <summary>
    /// Format characters that scripts and emoji are written with: joiners, the tags of flags, and signs of Arabic, Syriac
    /// and Kaithi that have a shape.
    /// </summary>
    private static bool BelongsToText(int rune) => rune is 0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F)
        or (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD;
}
