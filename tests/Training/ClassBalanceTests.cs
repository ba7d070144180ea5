using System.Globalization;
using SpGpu.Data;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>class_weights: auto.</summary>
public sealed class ClassBalanceTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Weights_follow_from_the_shares_of_the_labelled_pixels()
    {
        byte[] labels = [.. Directory.GetFiles(_run.File("pictures/labels")).SelectMany(file => LabelMap.Read(file).Labels)];
        double counted = labels.Count(label => label != 4);
        TrainingConfiguration c = Settled("classes=7", "class_weights=auto", "ignore_label=255");
        Assert.Equal(7, c.ClassWeights!.Count);
        Assert.Equal(1 / Math.Log(1.10 + labels.Count(label => label == 2) / (double)labels.Length), c.ClassWeights[2], 1e-4);
        Assert.Equal(1 / Math.Log(1.10), c.ClassWeights[6], 1e-4);
        Assert.False(c.BalancedClasses);

        c = Settled("classes=4", "class_weights=auto", "ignore_label=4");
        IEnumerable<double> shares = Enumerable.Range(0, 4).Select(k => labels.Count(label => label == k) / counted);
        Assert.Equal(shares.Select(share => (float)Math.Round(1 / Math.Log(1.10 + share), 4)), c.ClassWeights);
        Assert.Equal(2, _run.Lines.Count);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"class weights 0 to 3: {c.ClassWeights![0]:0.00} "), _run.Lines[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Given_weights_stay()
    {
        Assert.Equal([1, 2, 3, 4, 5], Settled("class_weights=[1, 2, 3, 4, 5]").ClassWeights);
        Assert.Null(Settled().ClassWeights);
        Assert.Empty(_run.Lines);
    }

    [Fact]
    public void A_run_keeps_the_numbers_and_goes_on_with_them()
    {
        TrainingConfiguration c = _run.Configuration("class_weights=auto");
        _run.StopAfter(4, c, "out");
        Assert.Contains("class_weights: [", File.ReadAllText(_run.File("out/config.yaml")), StringComparison.Ordinal);
        _run.Lines.Clear();
        _run.Fake(c, _run.Options("out", "auto"));
        Assert.DoesNotContain(_run.Lines, line => line.Contains("class_weights", StringComparison.Ordinal));
        TrainingConfiguration written = ConfigurationReader.Read(_run.File("out/config.yaml")).Configuration;
        Assert.Equal(Settled("class_weights=auto").ClassWeights, written.ClassWeights);
    }

    [Fact]
    public void Labels_that_all_are_ignored_have_no_shares() =>
        Assert.Contains("no label file has a pixel that counts", Assert.Throws<DatasetException>(() =>
        {
            foreach (string file in Directory.GetFiles(_run.File("pictures/labels")))
                new LabelMap([.. Enumerable.Repeat((byte)255, 64 * 48)], 64, 48).Write(file, Palette.Distinct(256));
            Settled("class_weights=auto");
        }).Message, StringComparison.Ordinal);

    private TrainingConfiguration Settled(params string[] settings)
    {
        TrainingConfiguration c = _run.Configuration(settings);
        return ClassBalance.Settle(c, TrainingData.Open(c, _run.Lines.Add).Dataset, _run.Options("out"));
    }
}
