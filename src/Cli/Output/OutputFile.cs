namespace SpGpu.Cli.Output;

/// <summary>A file of results that someone has named.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file that is read as well, under whatever name.</summary>
    /// <param name="target">The file to write.</param>
    /// <param name="option">How it is named.</param>
    /// <param name="read">What is read; what is not given is null.</param>
    /// <exception cref="ConfigurationException">It would be replaced.</exception>
    public static void ThrowIfRead(string target, string option, IEnumerable<string?> read)
    {
        FileIdentity identity = FileIdentity.Of(target);
        foreach (string file in read.OfType<string>())
        {
            if (identity.IsThatOf(FileIdentity.Of(file)))
                throw new ConfigurationException($"'{target}' is read and would be replaced; give {option} another name");
        }
    }

    /// <summary>The size of what was written, as the end of a line; nothing for a device or a pipe, which keeps none.</summary>
    public static string Size(string path) =>
        new FileInfo(RealPath.Of(path)) is { Exists: true, Length: > 0 and long length } ? $", {Text.Bytes(length)}" : "";
}
