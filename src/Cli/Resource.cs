namespace SpGpu.Cli;

/// <summary>Texts of the repository that the tool carries.</summary>
internal static class Resource
{
    public static string Text(string name)
    {
        using Stream stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the tool was built without '{name}'");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
