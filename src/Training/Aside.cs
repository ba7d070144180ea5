namespace SpGpu.Training;

/// <summary>Gives a file that is in the way of a run another name, so that nothing of anybody's is lost.</summary>
internal static class Aside
{
    /// <summary>Renames a file within its folder.</summary>
    /// <returns>The new name: <c>log.csv</c> becomes <c>log.old-1.csv</c>, or the next number that is free.</returns>
    /// <exception cref="OutputException">It cannot be renamed.</exception>
    public static string Put(string path)
    {
        // TensorBoard takes any file with this word in its name.
        string name = Path.GetFileName(path).Replace("tfevents.", "", StringComparison.Ordinal);
        string old = Enumerable.Range(1, int.MaxValue)
            .Select(
                number => FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(name)}.old-{number}{Path.GetExtension(name)}"))
            .First(candidate => !Path.Exists(In(candidate)));
        try
        {
            File.Move(path, In(old));
            return old;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"cannot rename '{path}' to '{old}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; " +
                "rename it yourself, or name another folder with --out", error);
        }

        string In(string candidate) => Path.Combine(Path.GetDirectoryName(path)!, candidate);
    }
}
