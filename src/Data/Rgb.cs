using System.Globalization;

namespace SpGpu.Data;

/// <summary>An 8-bit colour.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>The colour of six hexadecimal digits, <c>804080</c>; null where they are none.</summary>
    public static Rgb? FromHex(string digits) =>
        digits?.Length == 6 && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
            ? new Rgb((byte)(number >> 16), (byte)(number >> 8), (byte)number)
            : null;

    /// <summary>Six hexadecimal digits: <c>804080</c>.</summary>
    public string ToHex() => string.Create(CultureInfo.InvariantCulture, $"{R:X2}{G:X2}{B:X2}");
}
