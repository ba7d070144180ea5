using System.Text;

namespace SpGpu.Training.Runs;

/// <summary>
/// The settings of a run as a file of its folder. A file that is there is written over only if a run wrote it and nobody
/// has changed it since, which its first line tells; any other one is somebody's own, perhaps the one that the run was
/// started with, and the settings go beside it.
/// </summary>
internal static class RunSettings
{
    private const string Usual = "config.yaml";

    /// <summary>Writes settings as a whole.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="settings">The text of a configuration.</param>
    /// <param name="print">Takes a line if the file has not its usual name.</param>
    /// <exception cref="OutputException">They cannot be written.</exception>
    public static void Write(RunFolder folder, string settings, Action<string> print)
    {
        string name = Names().First(name => IsFree(folder.File(name)));
        if (name != Usual)
            print($"note: '{Usual}' was not written by a run, or was changed, and stays; settings are in '{name}'");
        AtomicFile.Write(folder.File(name), stream => stream.Write(Encoding.UTF8.GetBytes($"{Mark(settings)}\n{settings}")));
    }

    private static IEnumerable<string> Names() =>
        Enumerable.Range(2, int.MaxValue - 2).Select(number => FormattableString.Invariant($"config.run-{number}.yaml"))
            .Prepend("config.run.yaml").Prepend(Usual);

    private static bool IsFree(string path)
    {
        if (!Path.Exists(path))
            return true;
        if (FileKinds.Of(path) != FileKind.File)
            return false;
        try
        {
            FileRights.Of(path)?.ThrowIfReadOnly();
            return File.ReadAllText(path).Split('\n', 2) is [string mark, string settings] && mark == Mark(settings);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Mark(string settings) =>
        $"# Written by spgpu train ({~Crc32.Add(Crc32.Start, Encoding.UTF8.GetBytes(settings)):x8}); " +
        "a run writes over this file unless you change it.";
}
