using System.Text;

namespace SpGpu.Data;

/// <summary>Reads small text files: palettes, class names, lists of images.</summary>
internal static class TextLines
{
    private const int MaxFileBytes = 64 << 20;

    // Bytes that are not UTF-8 mean another encoding or no text at all; replacement characters would hide that.
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All lines, trimmed, in order: line n is element n - 1. UTF-8, or UTF-16 with a byte order mark.</summary>
    public static IReadOnlyList<string> Read(string path, InputFile.ErrorMaker error)
    {
        byte[] content = InputFile.Read(path, MaxFileBytes, error);
        var lines = new List<string>();
        try
        {
            using var reader = new StreamReader(new MemoryStream(content), _strict, detectEncodingFromByteOrderMarks: true);
            while (reader.ReadLine() is { } line)
            {
                if (line.Contains('\0', StringComparison.Ordinal))
                    throw error($"'{path}', line {lines.Count + 1}: not text; name a text file in UTF-8");
                lines.Add(line.Trim());
            }
        }
        catch (DecoderFallbackException notText)
        {
            throw error($"'{path}', after line {lines.Count}: not text in UTF-8; save it as UTF-8 or name another file", notText);
        }
        return lines;
    }
}
