using System.Diagnostics;
using System.Text;
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
        [.. BuiltTool.Command, "segment", _folder.File("in"), "--weights", TinyNetwork.Write(_folder), "--device", "cpu", "--out", _folder.File("out")];

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
