using SpGpu.Cli.Output;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Output;

/// <summary>Results never take the place of what is read, and a result that cannot be told is one line.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Eval_replaces_nothing_that_it_reads()
    {
        string weights = TinyNetwork.Write(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "d/a.png");
        string list = _folder.Write("d/list.txt", "a.png a.png\n"), names = _folder.Write("names.txt", "a\nb\n");
        foreach (string target in (string[])[weights, picture, list, names, Path.Combine(_folder.Path, "none", "..", "d", "A.png")])
        {
            foreach (string option in (string[])["--json", "--confusion"])
                Spgpu.Run("eval", "--weights", weights, "--list", list, "--names", names, option, target)
                    .Fails(2, target, "would be replaced", option);
        }
        Spgpu.Run("eval", "--weights", weights, "--list", list, "--json", _folder.File("x"), "--confusion", _folder.File("X"))
            .Fails(2, "one file");
    }

    [Fact]
    public void Profile_does_not_replace_its_weights()
    {
        string weights = TinyNetwork.Write(_folder);
        Spgpu.Run("profile", "--weights", weights, "--size", "16x16", "--trace", weights).Fails(2, weights, "--trace");
    }

    [Fact]
    public void Links_to_an_input_are_the_input()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string input = _folder.Write("in/a.png", ""), output = Directory.CreateDirectory(_folder.File("out")).FullName;
        File.CreateSymbolicLink(_folder.File("alias"), "in");
        Assert.Equal("a-2.png", Path.GetFileName(new OutputNames(_folder.File("alias"), [input]).Take(input).Labels));
        File.CreateSymbolicLink(Path.Combine(output, "a.json"), Path.Combine("..", "in", "a.png"));
        Assert.Equal("a-2.png", Path.GetFileName(new OutputNames(output, [input]).Take(input).Labels));
    }

    [Fact]
    public void Results_that_were_written_before_are_replaced_once()
    {
        string[] pictures = [_folder.File("1/a.png"), _folder.File("2/A.png"), _folder.File("3/a.png")];
        string output = Directory.CreateDirectory(_folder.File("out")).FullName;
        for (int run = 0; run < 2; run++)
        {
            var names = new OutputNames(output, pictures);
            var found = new List<string>();
            foreach (string picture in pictures)
            {
                string labels = names.Take(picture).Labels;
                AtomicFile.Write(labels, stream => stream.Write([1]));
                found.Add(Path.GetFileName(labels));
            }
            Assert.Equal(["a.png", "A-2.png", "a-3.png"], found);
        }
    }

    [Fact]
    public void Names_of_devices_are_avoided_on_Windows() => Assert.Equal(
        OperatingSystem.IsWindows() ? "_con.png" : "con.png",
        Path.GetFileName(new OutputNames(_folder.Path, []).Take(_folder.File("in/con.jpg")).Labels));

    [Fact]
    public void Output_that_nobody_takes_is_one_line()
    {
        using var full = new FullDisk();
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, Program.Run(["--version"], full, error, TestContext.Current.CancellationToken));
        Assert.Equal("spgpu: cannot write the output: no space is left; check the path and the disk, or name another place\n",
            error.ToString());
        using var output = new StringWriter();
        Assert.Equal(2, Program.Run(["nonsense"], output, full, TestContext.Current.CancellationToken));
    }

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("no space is left");
    }
}
