using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>Lines and loops of the terminal.</summary>
public class TerminalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lines_come_in_order_with_and_without_a_bar(bool isInteractive)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, TextWriter.Null, isInteractive, TestContext.Current.CancellationToken);
        terminal.ForEach("items", [1, 2, 3], item => terminal.Print($"line {item}"));
        terminal.Print("end");
        string[] lines = [.. output.ToString().Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal) || line == "end")];
        Assert.Equal(["line 1", "line 2", "line 3", "end"], lines);
    }

    [Fact]
    public void A_stop_is_noticed_before_the_next_item()
    {
        using var stop = new CancellationTokenSource();
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isInteractive: false, stop.Token);
        var seen = new List<int>();
        Assert.Throws<OperationCanceledException>(() => terminal.ForEach("items", [1, 2, 3], item =>
        {
            seen.Add(item);
            if (item == 2)
                stop.Cancel();
        }));
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public void An_error_is_one_line()
    {
        using var error = new StringWriter { NewLine = "\n" };
        new Terminal(TextWriter.Null, error, isInteractive: false, CancellationToken.None).Complain("two\r\nlines");
        Assert.Equal("spgpu: two lines\n", error.ToString());
    }
}
