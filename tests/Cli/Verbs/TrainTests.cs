using System.Diagnostics;
using System.Globalization;
using SpGpu.Data.Tests;
using SpGpu.Training.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu train</c>.</summary>
public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Trains_on_a_folder_and_segments_with_the_result()
    {
        string run = _folder.File("run");
        Spgpu train = Train("--out", run, "use_apex=true").Done();
        Assert.StartsWith("no effect here: use_apex\n", train.Out, StringComparison.Ordinal);
        Assert.All(train.Lines[..^1], line => Assert.True(line.Length <= 80, line));
        Assert.Equal(["config.yaml", "events.out.tfevents.0.spgpu", "last.safetensors", "log.csv", "loss.png", "metrics.csv", "metrics.png",
            "sample-1.jpg", "sample-2.jpg"],
            Directory.GetFiles(run).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        Spgpu.Run("segment", Path.Combine(_folder.File("pictures"), "images"), "--weights", Path.Combine(run, "last.safetensors"),
            "--device", "cpu", "--out", _folder.File("maps")).Done();
        Spgpu info = Spgpu.Run("info", Path.Combine(run, "last.safetensors")).Done();
        Spgpu.Run("convert", Path.Combine(run, "last.safetensors"), _folder.File("weights.safetensors")).Done();
        Assert.Equal(info.Lines.Single(line => line.StartsWith("parameters", StringComparison.Ordinal)),
            Spgpu.Run("info", _folder.File("weights.safetensors")).Done().Lines
                .Single(line => line.StartsWith("parameters", StringComparison.Ordinal)));
        Assert.True(
            new FileInfo(_folder.File("weights.safetensors")).Length < 0.6 * new FileInfo(Path.Combine(run, "last.safetensors")).Length);
    }

    [Fact]
    public void Mistakes_have_their_exit_codes()
    {
        Train("--out", _folder.File("run"), "epohs=3").Fails(2, "unknown key 'epohs'; did you mean 'epochs'?");
        Train("--out", _folder.File("run"), "data_root=nowhere").Fails(3, "nowhere");
        Train("--out", _folder.File("run"), "--resume", _folder.File("none.safetensors")).Fails(3, "none.safetensors");
        Train("--out", _folder.File("run"), "label_transform=reduce_zero_label", "classes=3").Fails(3, "value 4");
        Train("--out", _folder.Write("file", "x")).Fails(1, "cannot make or write the folder");
        Spgpu.Run("train", "nowhere.yaml").Fails(2, "no such file");
    }

    [Fact]
    public void What_systems_leave_behind_is_passed_over()
    {
        string[] bits = Train("--out", _folder.File("run"), "epochs=1").Done().Lines;
        _folder.Write(Path.Combine("pictures", "images", "._00000.png"), "litter");
        _folder.Write(Path.Combine("pictures", "labels", "._00000.png"), "litter");
        string[] lines = Train("--out", _folder.File("again"), "epochs=1").Done().Lines;
        Assert.Equal(2, lines.Count(line => line.StartsWith("passed over 1 file of", StringComparison.Ordinal)));
        Assert.Equal(bits.Length + 2, lines.Length);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_checkpoint_before_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a limit of POSIX shells");
        string run = _folder.File("run"), last = Path.Combine(run, "last.safetensors");
        Train("--out", run).Done();
        byte[] before = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        // The shell limits files to a part of the checkpoint's size; a write beyond it is an error, as on a full disk.
        string limit = (before.Length / 2048).ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c",
            $"trap '' XFSZ; ulimit -f {limit}; exec {BuiltTool.Quoted} train '{_folder.File("c.yaml")}' epochs=3 --out " +
            $"'{run}' --resume auto --device cpu"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            // Its memory would be a file, too.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith($"spgpu: cannot write '{last}'", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Equal(before, await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(run, "*.tmp"));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM", "TERM")]
    [InlineData("HUP", "HUP", "TERM")]
    public async Task Interrupted_it_writes_a_checkpoint_and_ends_with_130(params string[] signals)
    {
        Signals.Need(signals);
        var training = new KilledTraining(_folder.Path);
        training.Prepare();
        using Process process = training.Start("run");
        await ReadUntil(process, "epoch");
        Signals.Send(process, signals);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Single((await output).Split('\n'), "stopping after this step; Ctrl-C again to stop now");
        Assert.EndsWith("go on with --resume auto", (await output).Trim(), StringComparison.Ordinal);
        Assert.Equal("spgpu: interrupted", error.Trim());
        Assert.Equal(130, process.ExitCode);
        training.FinishAndCompare("run");
    }

    [Fact]
    public async Task Interrupted_in_a_long_step_it_says_so_at_once_and_ends_at_once_the_second_time()
    {
        Signals.Need("INT");
        // A step of thousands of batches, from a list with few pictures in it.
        var training = new KilledTraining(_folder.Path);
        training.WriteInputs();
        string list = _folder.Write("list.txt", string.Concat(Enumerable.Repeat("images/00000.png labels/00000.png\n", 4096)));
        using Process process = training.Start("run", $"train_list={list}", "accumulation=4096", "train_h=128", "train_w=128");
        await ReadUntil(process, "4096 pictures");
        Signals.Send(process, "INT");
        await ReadUntil(process, "stopping after this step; Ctrl-C again to stop now");
        Signals.Send(process, "INT");
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", error);
        Assert.NotEqual(0, process.ExitCode);
        Assert.False(File.Exists(_folder.File(Path.Combine("run", "last.safetensors"))));
    }

    private static async Task ReadUntil(Process process, string start)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"no line began with '{start}'");
    }

    [Fact]
    public void Killed_five_times_it_ends_with_the_same_bits()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var training = new KilledTraining(_folder.Path);
        training.Prepare();
        int runs = 0;
        for (int kills = 0; kills < 5;)
        {
            if (training.Kill($"run{runs}", random))
                kills++;
            else
                training.FinishAndCompare($"run{runs++}");
        }
        training.FinishAndCompare($"run{runs}");
    }

    private Spgpu Train(params string[] args)
    {
        if (!Directory.Exists(_folder.File("pictures")))
        {
            LabelledPictures.Write(_folder.File("pictures"), 4);
            _folder.Write("c.yaml", $"DATA:\n  data_root: '{_folder.File("pictures")}'\n  classes: {LabelledPictures.Classes}\n"
                + "TRAIN:\n  stem: [4, 4, 8]\n  planes: [4, 4, 8, 8]\n  blocks: [1, 1, 1, 1]\n  train_h: 32\n  train_w: 40\n  " +
                "batch_size: 2\n  accumulation: 1\n  epochs: 2\n");
        }
        return Spgpu.Run(["train", _folder.File("c.yaml"), "--device", "cpu", .. args]);
    }
}
