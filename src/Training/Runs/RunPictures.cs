using SpGpu.Data;
using SpGpu.Training.Configuration;

namespace SpGpu.Training.Runs;

/// <summary>
/// What can be looked at while a run goes on: the curves of its tables, and samples with what the network makes of them.
/// </summary>
/// <param name="folder">Where they go.</param>
/// <param name="logs">The tables.</param>
/// <param name="configuration">Has the names and colours of the classes.</param>
/// <param name="print">Takes a line for a picture that cannot be made.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class RunPictures(
    RunFolder folder, RunLogs logs, TrainingConfiguration configuration, Action<string> print, TimeProvider clock)
{
    private const string Loss = "loss.png", Metrics = "metrics.png";

    /// <summary>They take at most one part in so many of a run: an epoch on a GPU may be shorter than its pictures.</summary>
    private const int Share = 10;

    private readonly HashSet<string> _failing = [];
    private readonly ClassNames _names = configuration.Names ?? ClassNames.Usual(configuration.Classes);
    private readonly Palette _palette = configuration.Colors ?? Palette.Usual(configuration.Classes);
    private long _last;
    private TimeSpan _took;

    /// <summary>The names of all pictures.</summary>
    public static IEnumerable<string> Names => [Loss, Metrics, .. Enumerable.Range(0, SamplePicture.Most).Select(SampleName)];

    /// <summary>Draws the pictures of an epoch over those of an epoch before, unless that was just now.</summary>
    /// <param name="samples">Samples with what the network makes of them.</param>
    /// <param name="isLast">Whether the run ends here, so that there will be no later ones.</param>
    public void Draw(IReadOnlyList<SamplePicture> samples, bool isLast)
    {
        long start = clock.GetTimestamp();
        if (!isLast && clock.GetElapsedTime(_last, start) < Share * _took)
            return;
        Try(Loss, logs.DrawLoss);
        Try(Metrics, logs.DrawMetrics);
        for (int i = 0; i < samples.Count; i++)
        {
            SamplePicture sample = samples[i];
            Try(SampleName(i), path => sample.SideBySide(_names, _palette).Write(path));
        }
        _last = clock.GetTimestamp();
        _took = clock.GetElapsedTime(start, _last);
    }

    private static string SampleName(int index) => FormattableString.Invariant($"sample-{index + 1}.jpg");

    /// <summary>
    /// No picture is worth a run: whatever goes wrong (a full disk, a viewer that holds the file, the system's fonts, the
    /// libraries that draw) is said once and tried again after the next epoch.
    /// </summary>
    private void Try(string name, Action<string> draw)
    {
        try
        {
            // A pipe might wait for ever for someone who looks.
            if (FileKinds.Of(folder.File(name)) == FileKind.Device)
                throw new OutputException("it is no file");
            draw(folder.File(name));
            _failing.Remove(name);
        }
        catch (Exception error)
        {
            if (_failing.Add(name))
                print($"warning: no '{name}', and training goes on: {error.Message.ReplaceLineEndings(" ")}");
        }
    }
}
