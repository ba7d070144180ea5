using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>The files of the repository that the tests were built in.</summary>
internal static class SourceTree
{
    private static readonly string? _root = Find(AppContext.BaseDirectory);

    /// <summary>
    /// The path of a file or folder; <paramref name="name"/> is relative to the repository and has slashes. Skips a
    /// test that was copied elsewhere.
    /// </summary>
    public static string PathOf(string name)
    {
        Assert.SkipWhen(_root is null, "the tests lie outside the repository");
        return Path.Combine(_root!, name.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>The name of a file or folder as <see cref="PathOf"/> takes it.</summary>
    public static string NameOf(string path) => Path.GetRelativePath(_root!, path).Replace(Path.DirectorySeparatorChar, '/');

    private static string? Find(string folder)
    {
        for (string? place = folder; place is not null; place = Path.GetDirectoryName(place))
        {
            if (File.Exists(Path.Combine(place, "SpGpu.sln")))
                return place;
        }
        return null;
    }
}
