namespace SpGpu.Cli.PublicWeights;

/// <summary>Where downloaded weights are kept, and how <c>--weights</c> finds them.</summary>
internal static class WeightsCache
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "SPGPU_CACHE";

    private const string Name = "spgpu";

    /// <summary>The folder by the variables of the process.</summary>
    /// <exception cref="ConfigurationException">The user has no folders.</exception>
    public static string Folder => FolderBy(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The folder: <c>SPGPU_CACHE</c>, else <c>spgpu</c> in the user's folder for such files (<c>LOCALAPPDATA</c> on Windows,
    /// elsewhere <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>).
    /// </summary>
    public static string FolderBy(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } chosen)
            return Path.GetFullPath(chosen);
        return OfUser(variable) is { Length: > 0 } user
            ? Path.Combine(user, Name)
            : throw new ConfigurationException($"this user has no folder for downloaded weights; name one by the variable {Variable}");
    }

    public static string PathOf(PublicModel model) => Path.Combine(Folder, model.FileName);

    /// <summary>
    /// The file that someone means by a path or the name of a network: a path that exists goes before the name of a
    /// network that was downloaded.
    /// </summary>
    /// <exception cref="WeightsException">Nothing is there, and it is, or looks like, the name of a network.</exception>
    public static string Find(string given)
    {
        if (Path.Exists(given))
            return given;
        if (PublicModels.Find(given) is { } model)
        {
            string path = PathOf(model);
            return File.Exists(path)
                ? path
                : throw new WeightsException($"'{given}' is no file here and has not been downloaded; 'spgpu pull {given}' gets it");
        }
        // Whatever else is missing is named by who opens it.
        return given.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? throw new WeightsException(
                $"'{given}' is neither a file nor a network that 'spgpu models' lists{PublicModels.SuggestionFor(given)}")
            : given;
    }

    private static string OfUser(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        // The rule of these folders says that one that is not from the root on does not count.
        if (variable("XDG_CACHE_HOME") is { } caches && Path.IsPathRooted(caches))
            return caches;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".cache") : "";
    }
}
