using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>What a run of the tool came to.</summary>
internal sealed record Spgpu(int Code, string Out, string Error)
{
    private const int Wide = 1000;

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the tool inside the test.</summary>
    public static Spgpu Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Program.Run(args, output, error, TestContext.Current.CancellationToken);
        return new Spgpu(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the tool with something piped into it.</summary>
    public static Spgpu Piped(byte[] input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(
            output, error, isInteractive: false, TestContext.Current.CancellationToken, input: () => new Pipe(input));
        return new Spgpu(Tool.Run(args, terminal), output.ToString(), error.ToString());
    }

    /// <summary>Runs the tool for a person whose screen is so wide: the lines that stay, too long ones as they are.</summary>
    public static Spgpu OnScreen(int columns, params string[] args)
    {
        using var screen = new Screen(Wide);
        using var error = new StringWriter { NewLine = "\n" };
        int code = Tool.Run(args, new Terminal(screen, error, isInteractive: true, TestContext.Current.CancellationToken, () => columns));
        return new Spgpu(code, string.Join('\n', screen.Lines), error.ToString());
    }

    /// <summary>Demands success and no complaint.</summary>
    public Spgpu Done()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, Code);
        return this;
    }

    /// <summary>Demands failure with one line that has the given texts.</summary>
    public Spgpu Fails(int code, params string[] texts)
    {
        Assert.All(texts, text => Assert.Contains(text, ErrorLines[0], StringComparison.Ordinal));
        Assert.StartsWith("spgpu: ", Error, StringComparison.Ordinal);
        Assert.Equal(code, Code);
        // Of a wrong command line the second line points to the help.
        Assert.Equal(code == 2 && ErrorLines[^1].EndsWith("--help'", StringComparison.Ordinal) ? 2 : 1, ErrorLines.Length);
        return this;
    }
}
