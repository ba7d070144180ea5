using System.Diagnostics;
using System.Text;
using SpGpu.Common.Tests;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>The built tool as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Redirected_output_has_no_colours()
    {
        TinyNetwork.WritePicture(_folder, "in/a.png");
        _folder.Write("in/b.png", "no picture");
        (int code, string output, string error) = await Run(Segment());
        Assert.Equal(3, code);
        Assert.Contains("1 of 2 pictures", output, StringComparison.Ordinal);
        Assert.StartsWith("spgpu: cannot read", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output + error);
    }

    [Fact]
    public async Task A_reader_that_leaves_is_no_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string info = $"{BuiltTool.Quoted} info '{TinyNetwork.Write(_folder)}' --keys";
        (int code, string output, string error) = await Run("bash", "-c", $"set -o pipefail; {info} | head -n 1");
        Assert.Equal((0, ""), (code, error));
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task One_processor_is_one()
    {
        using Process process = Process.Start(new ProcessStartInfo(BuiltTool.Command[0], [.. BuiltTool.Command[1..], "devices"])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1" },
        })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains(" 1 processor, ", output, StringComparison.Ordinal);
        Assert.Contains("cpu: 1 thread, ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Interrupted_it_finishes_the_picture_and_ends_with_130(string signal)
    {
        Signals.Need(signal);
        string picture = TinyNetwork.WritePicture(_folder, "in/0.png", 200, 200);
        for (int i = 1; i < 500; i++)
            File.Copy(picture, _folder.File($"in/{i}.png"));
        using Process process = Start(Segment());
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Signals.Send(process, signal);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("spgpu: interrupted", (await error).Trim());
        Assert.Equal(130, process.ExitCode);
        string[] files = Directory.GetFiles(_folder.File("out"));
        Assert.Contains($"{files.Length / 3} of 500 pictures", output, StringComparison.Ordinal);
        Assert.All(files, file => Assert.Contains(Path.GetExtension(file), (string[])[".png", ".jpg", ".json"]));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task What_looks_at_no_signal_ends_with_it(string signal)
    {
        Signals.Need(signal);
        string pipe = _folder.File("pipe.yaml");
        SpecialFile.MakePipe(pipe);
        using Process process = Start([.. BuiltTool.Command, "train", pipe]);
        // Opening waits for the tool, and the tool then for what never comes.
        using FileStream writer = await Task
            .Run(() => File.Open(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), TestContext.Current.CancellationToken);
        Signals.Send(process, signal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task A_pipe_is_written_to_once_and_read_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs pipes with a place in a folder");
        string pipe = _folder.File("pipe.safetensors"), weights = TinyNetwork.Write(_folder);
        SpecialFile.MakePipe(pipe);
        Task<byte[]> read = Task.Run(() => File.ReadAllBytes(pipe), TestContext.Current.CancellationToken);
        (int code, string output, _) = await Run([.. BuiltTool.Command, "convert", weights, pipe]);
        Spgpu.Run("convert", weights, _folder.File("file.safetensors")).Done();
        Assert.Equal(File.ReadAllBytes(_folder.File("file.safetensors")), await read);
        Assert.Equal(0, code);
        Assert.EndsWith(" tensors", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_output_goes_to_keeps_all_of_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string weights = TinyNetwork.Write(_folder), file = _folder.File("out.txt");
        foreach (string target in (string[])["/dev/stdout", file])
        {
            string onnx = $"{BuiltTool.Quoted} export --onnx {target} --weights '{weights}' --size 16x16";
            await Run("bash", "-c", $"(echo before; {onnx}; echo behind) > {file}");
            string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.StartsWith("before\n", text, StringComparison.Ordinal);
            Assert.Contains("wrote '", text, StringComparison.Ordinal);
            Assert.EndsWith("behind\n", text, StringComparison.Ordinal);
            Assert.True(text.Length > 10_000, text);
        }
    }

    /// <summary>Where it is missing, as in small containers, the runtime ends the process that asks for it.</summary>
    [Fact]
    public async Task Files_are_written_without_OpenSSL()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the loader of Linux");
        string weights = TinyNetwork.Write(_folder), log = _folder.File("libraries");
        string convert = $"{BuiltTool.Quoted} convert '{weights}' '{_folder.File("out.safetensors")}'";
        (int code, _, _) = await Run("bash", "-c", $"LD_DEBUG=files LD_DEBUG_OUTPUT='{log}' {convert}");
        Assert.Equal(0, code);
        string loaded = string.Concat(Directory.GetFiles(_folder.Path, "libraries.*").Select(File.ReadAllText));
        Assert.SkipWhen(loaded.Length == 0, "needs the loader of glibc, which tells what it loads");
        Assert.Contains("libc.so", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("libssl", loaded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_output_is_one_line()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        (int code, _, string error) = await Run("bash", "-c", $"{BuiltTool.Quoted} --version >&-");
        Assert.Equal((1, "spgpu: cannot write the output: it is closed"), (code, error.Trim()));
    }

    [Fact]
    public void A_screen_whose_window_is_closed_takes_everything()
    {
        using var screen = new ScreenWriter(new ClosedWindow());
        screen.Write('a');
        screen.Write("text");
        screen.Write(['a', 'b'], 0, 1);
        screen.Write("text".AsSpan());
        screen.WriteLine();
        screen.WriteLine("line");
        screen.Flush();
    }

    private string[] Segment() =>
        [.. BuiltTool.Command, "segment", _folder.File("in"), "--weights", TinyNetwork.Write(_folder), "--device", "cpu", "--out",
            _folder.File("out")];

    private static async Task<(int Code, string Out, string Error)> Run(params string[] command)
    {
        using Process process = Start(command);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    private static Process Start(params string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>What Linux does to writers to a terminal that is gone.</summary>
    private sealed class ClosedWindow : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("Input/output error");

        public override void Flush() => throw new IOException("Input/output error");
    }
}
