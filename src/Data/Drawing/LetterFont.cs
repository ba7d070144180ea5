using System.Globalization;
using SkiaSharp;

namespace SpGpu.Data.Drawing;

/// <summary>
/// The letters of everything that is drawn. They come along, because a container often has no fonts and pictures would then
/// have no text.
/// </summary>
internal static class LetterFont
{
    /// <summary>The font, which has ASCII letters; whoever asks disposes it.</summary>
    public static SKTypeface Open()
    {
        using Stream font = typeof(LetterFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        using var data = SKData.Create(font);
        return SKTypeface.FromData(data);
    }

    /// <summary>The font, or one of the system's where that has letters of a text that the font has not.</summary>
    public static SKTypeface Open(string text)
    {
        SKTypeface own = Open();
        using var letters = new SKFont(own);
        foreach (System.Text.Rune letter in text.EnumerateRunes())
        {
            if (letters.GetGlyph(letter.Value) == 0 && SKFontManager.Default.MatchCharacter(letter.Value) is { } other)
            {
                own.Dispose();
                return other;
            }
        }
        return own;
    }

    /// <summary>As much of a text as has room, of what readers take for letters at least one: flags and others are of several.</summary>
    public static string Fitting(string text, SKFont font, float room)
    {
        int[] letters = StringInfo.ParseCombiningCharacters(text);
        string fitting = text;
        for (int count = letters.Length - 1; count > 0 && font.MeasureText(fitting) > room; count--)
            fitting = text[..letters[count]];
        return fitting;
    }
}
