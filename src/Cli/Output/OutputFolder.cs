namespace SpGpu.Cli.Output;

/// <summary>Makes the folder that results go to.</summary>
internal static class OutputFolder
{
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static void Create(string? path)
    {
        // A device has no folder.
        if (path is null)
            return;
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"cannot make the folder '{path}': {error.Message.TrimEnd('.')}; name another one with --out", error);
        }
    }
}
