using System.Globalization;
using SpGpu.Cli.Output;
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
        using var output = new Screen(80);
        var terminal = new Terminal(output, TextWriter.Null, isInteractive, TestContext.Current.CancellationToken);
        terminal.ForEach("items", [1, 2, 3], item => terminal.Print($"line {item}"));
        terminal.Print("end");
        Assert.Equal(["line 1", "line 2", "line 3", "end"], output.Lines);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(12)]
    [InlineData(2)]
    public void A_bar_leaves_nothing_behind(int columns)
    {
        using var screen = new Screen(columns);
        using var expected = new Screen(columns);
        // Narrower, as wide as the screen, one more, wrapped once and often; one or two columns a letter.
        string[] lines =
            ["a", "", .. new[] { columns - 1, columns, columns + 1, 2 * columns + 3, 250 }.Select(length => new string('x', length)),
                "写真/" + new string('字', columns) + ".jpg: 3.2 % (531.4 ms)"];
        // Of errors, too, which come through another writer to the same screen.
        var terminal = new Terminal(screen, screen, isInteractive: true, TestContext.Current.CancellationToken, () => columns);
        terminal.ForEach("pictures", lines, line =>
        {
            terminal.Print(line);
            terminal.Complain(line);
        });
        terminal.Print("end");
        foreach (string line in lines)
        {
            expected.WriteLine(line);
            foreach (string part in Text.Labelled("spgpu:", line, 7, columns))
                expected.WriteLine(part);
        }
        expected.WriteLine("end");
        Assert.Equal(expected.Lines, screen.Lines);
    }

    [Fact]
    public void An_error_is_broken_between_words_for_a_person_alone()
    {
        string[] args = ["profile", "--random", "--weights", "w.pth"];
        Spgpu person = Spgpu.OnScreen(60, args), script = Spgpu.Run(args);
        Assert.True(person.ErrorLines.Length > 1);
        Assert.All(person.ErrorLines, line => Assert.InRange(line.Length, 1, 60));
        Assert.Equal(Assert.Single(script.ErrorLines), string.Join(' ', person.ErrorLines.Select(line => line.TrimStart())));
    }

    [Fact]
    public void A_bar_tells_how_much_is_done()
    {
        using var screen = new Screen(60);
        var terminal = new Terminal(screen, screen, isInteractive: true, TestContext.Current.CancellationToken, () => 60);
        var seen = new List<string>();
        terminal.ForEach("scenes", [1, 2, 3, 4], item =>
        {
            terminal.Print(item.ToString(CultureInfo.InvariantCulture));
            seen.Add(screen.Lines[^1]);
        });
        Assert.Equal("scenes [........................................] 0 of 4", seen[0]);
        Assert.Matches(@"^scenes \[#{8}\.{24}\] 1 of 4, 0:00 left$", seen[1]);
        Assert.Matches(@"^scenes \[#{24}\.{8}\] 3 of 4, 0:00 left$", seen[3]);
        Assert.Equal(["1", "2", "3", "4"], screen.Lines);
    }

    [Fact]
    public void A_bar_does_not_wrap_in_a_window_that_becomes_narrower()
    {
        int columns = 80;
        using var screen = new Screen(columns);
        var terminal = new Terminal(screen, screen, isInteractive: true, TestContext.Current.CancellationToken, () => columns);
        terminal.ForEach("scenes", [1, 2, 3], item =>
        {
            columns -= 20;
            screen.Narrow(columns);
            terminal.Print($"line {item}");
        });
        // But for what is in the last column, where nothing is ever written.
        Assert.Equal(["line 1", "line 2", "line 3"], screen.Lines.Select(line => line.TrimEnd('.', ' ')));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Who_asks_to_stop_is_answered_at_once(int items)
    {
        using var stop = new CancellationTokenSource();
        using var screen = new Screen(60);
        var terminal = new Terminal(screen, screen, isInteractive: true, stop.Token, () => 60);
        string[] seen = [];
        Action run = () => terminal.ForEach("scenes", [.. Enumerable.Range(0, items)], _ =>
        {
            stop.Cancel();
            seen = [.. screen.Lines];
        });
        if (items == 1)
            run();
        else
            Assert.Throws<OperationCanceledException>(run);
        Assert.Equal("stopping after this one; Ctrl-C again to stop now", seen[0]);
    }

    [Fact]
    public void A_bar_goes_when_an_item_fails()
    {
        using var screen = new Screen(60);
        var terminal = new Terminal(screen, screen, isInteractive: true, TestContext.Current.CancellationToken, () => 60);
        Assert.Throws<InvalidOperationException>(() => terminal.ForEach("items", [1, 2], _ => throw new InvalidOperationException()));
        terminal.Complain("that was it");
        Assert.Equal(["spgpu: that was it"], screen.Lines);
    }

    [Fact]
    public void Labelled_text_wraps_on_a_screen_alone_wherever_errors_go()
    {
        using var screen = new Screen(20);
        using var pipe = new StringWriter { NewLine = "\n" };
        foreach (Terminal terminal in (Terminal[])[
            new(screen, screen, isInteractive: true, CancellationToken.None, () => 20),
            new(screen, pipe, isInteractive: false, CancellationToken.None, () => 20),
            new(pipe, pipe, isInteractive: false, CancellationToken.None)])
        {
            terminal.Print("label:", "one two three 写真写真写真 four", 8);
        }
        string[] lines = ["label:  one two", "        three", "        写真写真写真", "        four"];
        Assert.Equal([.. lines, .. lines], screen.Lines);
        Assert.Equal("label:  one two three 写真写真写真 four\n", pipe.ToString());
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
        Assert.Equal("spgpu: two\\u000d\\u000alines\n", error.ToString());
    }

    [Fact]
    public void Whatever_is_shown_is_visible()
    {
        using var screen = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(screen, screen, isInteractive: true, CancellationToken.None, () => 80);
        terminal.Print("\e[31m\n");
        terminal.Print("label", "\u202ename\r", 6);
        terminal.Note("\u009b2J");
        terminal.Complain("\a\v");
        terminal.Explain("first\e\nsecond\u2066");
        Assert.Equal(
            "\\u001b[31m\\u000a\nlabel \\u202ename\\u000d\n\\u009b2J\nspgpu: \\u0007\\u000b\nfirst\\u001b\nsecond\\u2066\n",
            screen.ToString());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("写真", 4)]
    [InlineData("한글", 4)]
    [InlineData("ＡＢ", 4)]
    [InlineData("e\u0301a", 2)]
    [InlineData("😀", 2)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("👍🏽", 2)]
    public void Width_is_in_columns(string text, int columns) => Assert.Equal(columns, Text.Width(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef", "abcdef")]
    [InlineData("abcdefg", 6, "abcd..", "..defg")]
    [InlineData("ab", 6, "ab    ", "ab    ")]
    [InlineData("写真写真", 7, "写真.. ", "..写真 ")]
    [InlineData("写真写真", 6, "写真..", "..写真")]
    [InlineData("xe\u0301e\u0301e\u0301e\u0301", 4, "xe\u0301..", "..e\u0301e\u0301")]
    [InlineData("a\nb", 9, @"a\u000ab ", @"a\u000ab ")]
    public void Cells_take_their_columns(string text, int columns, string head, string tail)
    {
        Assert.Equal(head, Text.Head(text, columns));
        Assert.Equal(tail, Text.Tail(text, columns));
    }
}
