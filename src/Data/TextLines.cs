using System.Text;

namespace SpGpu.Data;

/// <summary>Reads small text files: palettes, class names, lists of images.</summary>
internal static class TextLines
{
    private const int MaxFileBytes = 64 << 20;

    // Two paths of the greatest length fit. Longer ones mean that it is no list, and nobody wants to see them in a message.
    private const int MaxLineBytes = 1 << 14, MaxShownLetters = 200;

    // Bytes that are not UTF-8 mean another encoding or no text at all; replacement characters would hide that.
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly UnicodeEncoding[] _others = [new(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true)];

    /// <summary>All lines, trimmed, with their numbers from 1. UTF-8, or UTF-16 with a byte order mark.</summary>
    public static IEnumerable<(int Number, string Text)> Read(string path, InputFile.ErrorMaker error) =>
        Split(InputFile.Read(path, MaxFileBytes, error), path, error);

    /// <summary>The lines of a stream, which is read to its end; errors name it as they would a file.</summary>
    public static IEnumerable<(int Number, string Text)> Read(Stream stream, string name, InputFile.ErrorMaker error) =>
        Split(InputFile.Read(stream, name, MaxFileBytes, error), name, error);

    /// <summary>Of text that a message repeats, as much as helps to find it.</summary>
    public static string Shorten(string text) => text.Length <= MaxShownLetters ? text : $"{text[..MaxShownLetters]}...";

    private static IEnumerable<(int Number, string Text)> Split(byte[] bytes, string path, InputFile.ErrorMaker error)
    {
        byte[] content = InUtf8(bytes, path, error);
        int number = 0;
        for (int at = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0; at < content.Length;)
        {
            int length = content.AsSpan(at).IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
                length = content.Length - at;
            yield return (++number, Line(content.AsSpan(at, length), $"'{path}', line {number}", error));
            at += length;
            at += content.AsSpan(at).StartsWith("\r\n"u8) ? 2 : 1;
        }
    }

    private static byte[] InUtf8(byte[] content, string path, InputFile.ErrorMaker error)
    {
        if (Array.Find(_others, other => content.AsSpan().StartsWith(other.Preamble)) is not { } encoding)
            return content;
        try
        {
            return Encoding.Convert(encoding, _strict, content);
        }
        catch (DecoderFallbackException notText)
        {
            throw error($"'{path}': not text in UTF-16, as its first two bytes say; save it as UTF-8 or name another file", notText);
        }
    }

    private static string Line(ReadOnlySpan<byte> bytes, string where, InputFile.ErrorMaker error)
    {
        if (bytes.Length > MaxLineBytes)
            throw error($"{where}: longer than {MaxLineBytes} bytes; write one entry a line or name another file");
        if (bytes.Contains((byte)0))
            throw error($"{where}: not text; name a text file in UTF-8");
        try
        {
            return _strict.GetString(bytes).Trim();
        }
        catch (DecoderFallbackException notText)
        {
            throw error($"{where}: not text in UTF-8; save it as UTF-8 or name another file", notText);
        }
    }
}
