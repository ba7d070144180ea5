namespace SpGpu.Data.Tests;

/// <summary>The photographs that lie beside the tests; photos/README.md says what they are.</summary>
internal static class Photos
{
    public static readonly string[] Codec =
        [
            .. Directory.GetFiles(PathOf("codec"))
                .Where(file => !file.EndsWith(".ref.png", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];

    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "photos", .. parts]);
}
