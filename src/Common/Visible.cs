using System.Buffers;
using System.Globalization;
using System.Text;

namespace SpGpu;

/// <summary>Makes text from elsewhere fit to be shown: what a terminal would obey, or nobody would see, becomes visible.</summary>
internal static class Visible
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
        Rune before = default;
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            bool isSeen = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done && IsSeen(rune, before);
            if (isSeen)
                shown.Append(rest[..length]);
            else
            {
                foreach (char unit in rest[..length])
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            before = isSeen ? rune : default;
            rest = rest[length..];
        }
        return shown.ToString();
    }

    private static bool IsSeen(Rune rune, Rune before) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => BelongsToText(rune.Value, before.Value),
        // Two letters that Korean keyboards once filled up with.
        _ => rune.Value is not (0x3164 or 0xFFA0),
    };

    /// <summary>
    /// Format characters that scripts and emoji are written with: joiners behind what they join, the tags behind a flag, and
    /// signs of Arabic, Syriac and Kaithi that have a shape.
    /// </summary>
    private static bool BelongsToText(int rune, int before) => rune switch
    {
        0x200C or 0x200D => before > 0x7F,
        >= 0xE0020 and <= 0xE007F => before is 0x1F3F4 or (>= 0xE0020 and <= 0xE007F),
        _ => rune is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD,
    };
}
