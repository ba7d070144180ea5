using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Layers.Tests;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>Runs of several processes, which are threads here.</summary>
public sealed class GroupRunTests : IDisposable
{
    private static readonly string[] _settings = ["batch_size=6", "epochs=4", "base_lr=0.0001", "pools=[4, 2]", "batch_size_val=2"];

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_first_writes_what_one_would(int processes)
    {
        Train("alone", null);
        ThreadGroup.Run(processes, group => Train("together", group));
        Assert.Equal(_run.Files("alone").Keys.Order(), _run.Files("together").Keys.Order());
        Assert.All(Numbers("alone", "log.csv").Zip(Numbers("together", "log.csv")),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, pair.First)));
        // Pixels of training and validation, summed; not the time.
        Assert.All(Numbers("alone", "metrics.csv").Zip(Numbers("together", "metrics.csv")).Where((_, i) => i % 16 != 15),
            pair => Assert.Equal(pair.First, pair.Second, 0.01 * Math.Max(1, pair.First)));
    }

    [Fact]
    public void Another_number_of_processes_goes_on()
    {
        Train("straight", null);
        ThreadGroup.Run(2, group => Train("parts", group, null, "epochs=1"));
        ThreadGroup.Run(3, group => Train("parts", group, "auto", "epochs=2"));
        Train("parts", null, "auto");
        Assert.Equal(4, _run.Files("parts")["log.csv"].Count(value => value == '\n') - 1);
        Assert.All(Numbers("straight", "log.csv").Zip(Numbers("parts", "log.csv")).Where((_, i) => i % 6 > 2),
            pair => Assert.Equal(pair.First, pair.Second, 1e-3 * pair.First));
    }

    [Fact]
    public void All_stop_where_one_is_asked_to_and_go_on_with_the_same_bits()
    {
        ThreadGroup.Run(2, group => Train("straight", group));
        Assert.Throws<OperationCanceledException>(() => ThreadGroup.Run(2, group =>
        {
            using var stop = new CancellationTokenSource();
            RunOptions options = Options("parts", group) with { Stop = stop.Token };
            // The second one, of which nobody hears a line.
            if (group.Rank == 1)
                options = options with { Print = line => Stop(line, stop) };
            Train(options);
        }));
        Assert.Equal(2, Checkpoint.Read(_run.File("parts/last.safetensors")).Position.Step);
        ThreadGroup.Run(2, group => Train("parts", group, "auto"));
        foreach (string file in (string[])["last.safetensors", "log.csv"])
            Assert.Equal(_run.Files("straight")[file], _run.Files("parts")[file]);
    }

    [Theory]
    [InlineData("process 1 has other settings than process 0", "base_lr=0.5")]
    [InlineData("process 1 has other settings than process 0", "save_steps=1")]
    [InlineData("process 1 has other training pictures", "data_root=others")]
    [InlineData("batch_size 5 among 2 processes", "batch_size=5")]
    public void Processes_that_do_not_fit_together_are_told(string problem, string setting)
    {
        LabelledPictures.Write(_run.File("others"), TinyRun.Pictures - 1);
        setting = setting.Replace("others", _run.File("others"), StringComparison.Ordinal);
        string message = Assert.Throws<ConfigurationException>(() => ThreadGroup.Run(2, group =>
            Train("out", group, null, group.Rank == 1 || setting.StartsWith("batch", StringComparison.Ordinal) ? [setting] : []))).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.False(File.Exists(_run.File("out/log.csv")));
    }

    private static void Stop(string line, CancellationTokenSource stop)
    {
        if (line.Contains("step 2/", StringComparison.Ordinal))
            stop.Cancel();
    }

    private RunOptions Options(string folder, IProcessGroup? group, string? resume = null) => new()
    {
        Folder = _run.File(folder),
        Resume = resume,
        Group = group,
        Stop = TestContext.Current.CancellationToken,
    };

    private void Train(string folder, IProcessGroup? group, string? resume = null, params string[] more) =>
        Train(Options(folder, group, resume), more);

    private void Train(RunOptions options, params string[] more)
    {
        using Device device = Device.Open("cpu", new() { Threads = 1 });
        TrainingRun.Run(_run.Configuration([$"val_root={_run.File("pictures")}", .. _settings, .. more]), device, options);
    }

    private double[] Numbers(string folder, string file) =>
    [
        .. File.ReadLines(_run.File($"{folder}/{file}")).Skip(1).SelectMany(line => line.Split(','))
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];
}
