using System.Text;
using SpGpu.Common.Tests;
using SpGpu.Training.Configuration;
using SpGpu.Training.Logs;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>What a run does with the files that it finds in its folder.</summary>
public sealed class RunFolderTests : IDisposable
{
    private const string Heading = "step,epoch,learning_rate,loss,score_loss,aux_loss\n";

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("aux_weight=0", "aux_weight=0.4")]
    [InlineData("aux_weight=0.4", "batch_size=5")]
    [InlineData("aux_weight=0.4", "accumulation=2")]
    [InlineData("aux_weight=0.4", "stem=[8, 8, 8]")]
    [InlineData("aux_weight=0.4", "classes=6")]
    public void A_run_that_cannot_go_on_changes_nothing(string before, string now)
    {
        _run.StopAfter(3, _run.Configuration(before), "out");
        Dictionary<string, byte[]> files = _run.Files("out");
        Assert.ThrowsAny<SpGpuException>(() => _run.Fake(_run.Configuration(now), _run.Options("out", "auto")));
        Assert.Equal(files, _run.Files("out"));
    }

    [Fact]
    public void A_checkpoint_or_weights_that_are_not_there_leave_the_folder_as_it_was()
    {
        Assert.Throws<WeightsException>(() => _run.Fake(_run.Configuration(), _run.Options("out", _run.File("none.safetensors"))));
        Assert.False(Directory.Exists(_run.File("out")));
        _run.StopAfter(3, _run.Configuration(), "out");
        File.WriteAllText(_run.File("out/last.safetensors.1.ab.tmp"), "of a run that was killed");
        Dictionary<string, byte[]> files = _run.Files("out");
        Assert.Throws<WeightsException>(() => _run.Fake(_run.Configuration(), _run.Options("out", _run.File("none.safetensors"))));
        Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration(), _run.Options("out")));
        File.Delete(_run.File("out/last.safetensors"));
        files.Remove("last.safetensors");
        Assert.Throws<WeightsException>(
            () => _run.Fake(_run.Configuration($"weight={_run.File("none.safetensors")}"), _run.Options("out")));
        Assert.Equal(files, _run.Files("out"));
    }

    [Theory]
    [InlineData("\uFEFF", "\r\n", "")]
    [InlineData("", "\r\n", "")]
    [InlineData("\uFEFF", "\n", "\n\n")]
    [InlineData("", "\n", "4,1,0.00")]
    public void A_table_that_another_program_saved_goes_on(string mark, string ending, string end)
    {
        TrainingConfiguration c = _run.Configuration();
        _run.Fake(c, _run.Options("whole"));
        _run.StopAfter(3, c, "parts");
        string log = _run.File("parts/log.csv");
        File.WriteAllText(log, mark + File.ReadAllText(log).Replace("\n", ending, StringComparison.Ordinal) + end);
        _run.Fake(c, _run.Options("parts", "auto"));
        Assert.Equal(File.ReadAllBytes(_run.File("whole/log.csv")), File.ReadAllBytes(log));
        Assert.Empty(Directory.GetFiles(_run.File("parts"), "*old*"));
    }

    [Theory]
    [InlineData("date,what\n2024-01-01,a journal\n", 0)]
    [InlineData("a note without an end", 0)]
    [InlineData("step,epoch,learning_rate,loss\n1,1,0.1,2\n", 0)]
    [InlineData(Heading + "1,1\n2,1,0.0077,1.57,1.12,1.13\n3,1,0.0053,1.57,1.12,1.14\n", 0)]
    [InlineData(Heading + "1,1,0.1,2,2,2\n2,1,x,2,2,2\n3,1,0.1,2,2,2\n", 1)]
    [InlineData(Heading + "1,1,0.1,2,2,2\n1,1,0.1,2,2,2\n", 1)]
    [InlineData(Heading + "1,1,0.1,2,2,2\n2,1,0.1,,,\n\0\0\0\0\0\0", 2)]
    [InlineData(Heading + "1,1,0.1,2,2,2\n2,1,0.1,2,2,2\n\0\0\0\0\n3,1,0.1,2,2,2\n", 2)]
    [InlineData(Heading + "1,1,0.1,2,2,2\nthe rate was too high here", 1)]
    [InlineData("\0\0\0\0", 0)]
    public void A_table_that_does_not_fit_is_kept_under_another_name(string content, int fitting)
    {
        TrainingConfiguration c = _run.Configuration();
        _run.StopAfter(3, c, "out");
        File.WriteAllText(_run.File("out/log.csv"), content);
        _run.Lines.Clear();
        Assert.Equal(15, _run.Fake(c, _run.Options("out", "auto")).Step);
        Assert.Equal(content, File.ReadAllText(_run.File("out/log.old-1.csv")));
        Assert.Single(_run.Lines, line => line.Contains("'log.old-1.csv'", StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(_run.File("out/log.csv"));
        Assert.Equal(Heading.Trim(), lines[0]);
        Assert.Equal([.. Enumerable.Range(1, fitting), .. Enumerable.Range(4, 12)],
            lines[1..].Select(line => int.Parse(line.Split(',')[0], null)));
    }

    [Fact]
    public void Tables_of_another_set_of_losses_are_kept()
    {
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"));
        Dictionary<string, byte[]> files = _run.Files("out");
        _run.Fake(_run.Configuration("epochs=2", "aux_weight=0"), _run.Options("out", "auto"));
        Assert.Equal(files["log.csv"], File.ReadAllBytes(_run.File("out/log.old-1.csv")));
        Assert.Equal(files["metrics.csv"], File.ReadAllBytes(_run.File("out/metrics.old-1.csv")));
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("other"));
        File.Copy(_run.File("other/log.csv"), _run.File("out/log.csv"), overwrite: true);
        _run.Fake(_run.Configuration("epochs=3", "aux_weight=0"), _run.Options("out", "auto"));
        Assert.Equal(File.ReadAllBytes(_run.File("other/log.csv")), File.ReadAllBytes(_run.File("out/log.old-2.csv")));
    }

    [Fact]
    public void Damaged_or_foreign_events_are_kept_where_no_one_looks_for_events()
    {
        TrainingConfiguration c = _run.Configuration();
        _run.StopAfter(3, c, "out");
        string events = _run.File("out/events.out.tfevents.0.spgpu");
        byte[] content = File.ReadAllBytes(events);
        int[] ends = [.. EventFile.Read(content).Select(record => record.End)];
        content[ends[3] + 20] ^= 1;
        File.WriteAllBytes(events, content);
        _run.Fake(c, _run.Options("out", "auto"));
        Assert.Equal(content, File.ReadAllBytes(_run.File("out/events.out.0.old-1.spgpu")));
        Assert.Equal(content[..ends[3]], File.ReadAllBytes(events)[..ends[3]]);
        Assert.Equal(15, EventFile.Read(File.ReadAllBytes(events)).Max(record => record.Event.Step));
        _run.StopAfter(3, c, "foreign");
        File.WriteAllText(_run.File("foreign/events.out.tfevents.0.spgpu"), "a text");
        _run.Fake(c, _run.Options("foreign", "auto"));
        Assert.Equal("a text", File.ReadAllText(_run.File("foreign/events.out.0.old-1.spgpu")));
    }

    [Fact]
    public void A_new_run_keeps_what_others_left_in_its_folder()
    {
        TrainingConfiguration c = _run.Configuration("epochs=1");
        _run.Fake(c, _run.Options("other"), validate: _ => TinyRun.Score(1, 1));
        Directory.CreateDirectory(_run.File("out"));
        string[] names =
            ["best.safetensors", "log.csv", "metrics.csv", "events.out.tfevents.0.spgpu", "loss.png", "metrics.png", "sample-1.jpg"];
        foreach (string name in names)
            File.WriteAllBytes(_run.File($"out/{name}"), name.EndsWith("csv", StringComparison.Ordinal)
                || name.StartsWith("ev", StringComparison.Ordinal) ? File.ReadAllBytes(_run.File($"other/{name}")) : [1, 2, 3]);
        Dictionary<string, byte[]> files = _run.Files("out");
        _run.Fake(c, _run.Options("out", "auto"), validate: _ => TinyRun.Score(1, 1));
        Dictionary<string, byte[]> now = _run.Files("out");
        foreach (string name in names)
        {
            string plain = Path.GetFileNameWithoutExtension(name.Replace("tfevents.", "", StringComparison.Ordinal));
            Assert.Equal(files[name], now[$"{plain}.old-1{Path.GetExtension(name)}"]);
        }
        Assert.All(names, name => Assert.Contains(_run.Lines, line => line.Contains($"'{name}'", StringComparison.Ordinal)));
        Assert.Equal(File.ReadAllBytes(_run.File("other/log.csv")), now["log.csv"]);
    }

    [Fact]
    public void The_users_own_configuration_stays()
    {
        TrainingConfiguration c = _run.Configuration("epochs=1");
        string own = "# my notes\nDATA:\n  classes: 3\n", path = _run.File("out/config.yaml");
        Directory.CreateDirectory(_run.File("out"));
        File.WriteAllText(path, own);
        _run.Fake(c, _run.Options("out"));
        Assert.Equal(own, File.ReadAllText(path));
        Assert.Contains(_run.Lines, line => line.Contains("'config.run.yaml'", StringComparison.Ordinal));
        Assert.Equal(c, ConfigurationReader.Read(_run.File("out/config.run.yaml")).Configuration with
        {
            Stem = c.Stem,
            Planes = c.Planes,
            Betas = c.Betas,
            Blocks = c.Blocks,
            Pools = c.Pools,
        });
    }

    [Fact]
    public void A_configuration_that_a_run_wrote_is_replaced_unless_someone_changed_it()
    {
        string path = _run.File("out/config.yaml"), other = _run.File("out/config.run.yaml");
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"));
        Assert.Contains("epochs: 1\n", File.ReadAllText(path), StringComparison.Ordinal);
        _run.Fake(_run.Configuration("epochs=2"), _run.Options("out", "auto"));
        Assert.Contains("epochs: 2\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.False(File.Exists(other));
        File.AppendAllText(path, "# worked well\n");
        string changed = File.ReadAllText(path);
        _run.Fake(_run.Configuration("epochs=3"), _run.Options("out", "auto"));
        Assert.Equal(changed, File.ReadAllText(path));
        Assert.Contains("epochs: 3\n", File.ReadAllText(other), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_in_a_folder_is_refused_and_the_first_ends_as_it_would()
    {
        TrainingConfiguration c = _run.Configuration();
        _run.Fake(c, _run.Options("whole"));
        OutputException? error = null;
        FakeTrainer trainer = null!;
        trainer = new FakeTrainer(TinyRun.Initial(c))
        {
            AfterUpdate = () =>
            {
                if (trainer.Step == 4)
                    error = Assert.Throws<OutputException>(() => _run.Fake(c, _run.Options("out", "auto")));
            },
        };
        _run.Fake(c, _run.Options("out"), trainer);
        Assert.Contains("another run", error!.Message, StringComparison.Ordinal);
        foreach (string file in (string[])["last.safetensors", "log.csv"])
            Assert.Equal(File.ReadAllBytes(_run.File($"whole/{file}")), File.ReadAllBytes(_run.File($"out/{file}")));
        Assert.Equal(_run.Files("whole").Keys.Order(), _run.Files("out").Keys.Order());
    }

    [Fact]
    public void The_lock_of_a_run_that_was_killed_keeps_nobody_out()
    {
        TrainingConfiguration c = _run.Configuration();
        _run.StopAfter(3, c, "out");
        File.WriteAllText(_run.File("out/run.lock"), "process 1");
        Assert.Equal(15, _run.Fake(c, _run.Options("out", "auto")).Step);
        Assert.False(File.Exists(_run.File("out/run.lock")));
    }

    [Theory]
    [InlineData("last.safetensors")]
    [InlineData("best.safetensors")]
    [InlineData("log.csv")]
    [InlineData("metrics.csv")]
    [InlineData("events.out.tfevents.0.spgpu")]
    public void Files_that_no_run_could_write_are_refused_before_the_first_step(string name)
    {
        string path = _run.File($"out/{name}");
        _run.StopAfter(3, _run.Configuration(), "out");
        File.Open(path, FileMode.OpenOrCreate).Dispose();
        File.SetAttributes(path, FileAttributes.ReadOnly);
        Refused("write-protected");
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
        Directory.CreateDirectory(path);
        Refused("it is no file");
        Directory.Delete(path);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs pipes with a place in a folder");
        // It would be waited for, as nobody is at its other end.
        SpecialFile.MakePipe(path);
        Refused("it is no file");

        void Refused(string why)
        {
            OutputException error = Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration(), _run.Options("out", "auto")));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_run_of_a_folder_is_kept_when_another_one_goes_on_there()
    {
        _run.StopAfter(3, _run.Configuration(), "one");
        _run.Fake(_run.Configuration("manual_seed=5"), _run.Options("other"), validate: _ => TinyRun.Score(1, 1));
        Dictionary<string, byte[]> files = _run.Files("other");
        _run.Fake(_run.Configuration(), _run.Options("other", _run.File("one/last.safetensors")), validate: _ => TinyRun.Score(1, 1));
        Dictionary<string, byte[]> now = _run.Files("other");
        Assert.Equal(files["last.safetensors"], now["last.old-1.safetensors"]);
        Assert.Equal(files["best.safetensors"], now["best.old-1.safetensors"]);
        Assert.Equal(2, _run.Lines.Count(line => line.EndsWith(".old-1.safetensors'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Going_on_from_the_best_of_the_folder_puts_nothing_aside()
    {
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"), validate: _ => TinyRun.Score(1, 1));
        _run.Fake(_run.Configuration("epochs=2"), _run.Options("out", Path.Combine(_run.File("out"), "best.safetensors")),
            validate: _ => TinyRun.Score(1, 2));
        File.Delete(_run.File("out/last.safetensors"));
        _run.Fake(_run.Configuration("epochs=2"), _run.Options("out", Path.Combine(_run.File("out"), "best.safetensors")),
            validate: _ => TinyRun.Score(1, 2));
        Assert.DoesNotContain(_run.Files("out").Keys, name => name.Contains("old", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("images")]
    [InlineData("labels")]
    public void A_run_does_not_go_among_its_pictures(string folder)
    {
        string pictures = $"pictures/{folder}";
        Dictionary<string, byte[]> files = _run.Files(pictures);
        Assert.Contains(
            "--out", Assert.Throws<ConfigurationException>(() => _run.Fake(_run.Configuration(), _run.Options(pictures))).Message,
            StringComparison.Ordinal);
        Assert.Equal(files, _run.Files(pictures));
    }

    [Theory]
    [InlineData("my own text")]
    [InlineData("proc")]
    public void A_file_with_the_name_of_the_lock_is_left_alone(string text)
    {
        string path = _run.File("out/run.lock");
        Directory.CreateDirectory(_run.File("out"));
        File.WriteAllText(path, text);
        Assert.Contains("no lock of a run",
            Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration(), _run.Options("out"))).Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Who_asks_to_stop_before_the_first_step_finds_the_folder_as_it_was()
    {
        TrainingConfiguration c = _run.Configuration();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        FakeTrainer trainer = new(TinyRun.Initial(c));
        Assert.Throws<OperationCanceledException>(() => _run.Fake(c, _run.Options("out", stop: stop), trainer));
        Assert.False(Directory.Exists(_run.File("out")));
        _run.StopAfter(3, c, "out");
        Dictionary<string, byte[]> files = _run.Files("out");
        Assert.Throws<OperationCanceledException>(() => _run.Fake(c, _run.Options("out", "auto", stop), trainer));
        Assert.Equal(files, _run.Files("out"));
        Assert.Empty(trainer.Batches);
    }

    [Fact]
    public void A_configuration_that_is_protected_or_no_file_stays()
    {
        string path = _run.File("out/config.yaml");
        _run.StopAfter(3, _run.Configuration(), "out");
        byte[] before = File.ReadAllBytes(path);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        _run.Fake(_run.Configuration("epochs=2"), _run.Options("out", "auto"));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Contains("epochs: 2\n", File.ReadAllText(_run.File("out/config.run.yaml")), StringComparison.Ordinal);
        File.SetAttributes(path, FileAttributes.Normal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs pipes with a place in a folder");
        File.Delete(path);
        SpecialFile.MakePipe(path);
        File.Delete(_run.File("out/loss.png"));
        SpecialFile.MakePipe(_run.File("out/loss.png"));
        _run.Fake(_run.Configuration("epochs=3"), _run.Options("out", "auto"));
        Assert.Contains("epochs: 3\n", File.ReadAllText(_run.File("out/config.run.yaml")), StringComparison.Ordinal);
        Assert.Single(_run.Lines, line => line.StartsWith("warning: no 'loss.png'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_that_is_larger_than_memory_can_hold_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a file that is all hole takes its space there");
        _run.StopAfter(3, _run.Configuration(), "out");
        using (FileStream log = File.OpenWrite(_run.File("out/log.csv")))
            log.SetLength(3L << 30);
        OutputException error = Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration(), _run.Options("out", "auto")));
        Assert.Contains("log.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_cannot_be_written_are_a_line_each()
    {
        string[] pictures = ["loss.png", "metrics.png", "sample-1.jpg", "sample-2.jpg"];
        foreach (string picture in pictures)
            Directory.CreateDirectory(_run.File($"out/{picture}"));
        Assert.Equal(15, _run.Fake(_run.Configuration(), _run.Options("out")).Step);
        Assert.All(
            pictures,
            picture =>
                Assert.Single(_run.Lines,
                    line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(picture, StringComparison.Ordinal)));
        Assert.Equal(3, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Epoch);
    }

    [Fact]
    public void Curves_are_drawn_while_the_table_is_open_and_whatever_is_in_it()
    {
        TrainingConfiguration c = _run.Configuration("epochs=2");
        string log = _run.File("out/log.csv");
        FakeTrainer trainer = null!;
        trainer = new FakeTrainer(TinyRun.Initial(c))
        {
            AfterUpdate = () =>
            {
                // Another program adds to the file, and later takes its name away (where the system lets it).
                if (trainer.Step == 2)
                {
                    using var stream = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                    stream.Write(Encoding.UTF8.GetBytes("x\n7,\n\0\n"));
                }
                // Emptied, it has no heading any more.
                if (trainer.Step == 4)
                    new FileStream(_run.File("out/metrics.csv"), FileMode.Truncate, FileAccess.Write,
                        FileShare.ReadWrite | FileShare.Delete).Dispose();
                if (trainer.Step == 7)
                    File.Move(log, _run.File("out/taken.csv"));
            },
        };
        _run.Fake(c, _run.Options("out"), trainer);
        Assert.DoesNotContain(_run.Lines, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Equal(10, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Step);
    }
}
