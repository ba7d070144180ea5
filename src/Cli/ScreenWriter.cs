using System.Text;

namespace SpGpu.Cli;

/// <summary>
/// Writes to a screen. When its window is closed nobody reads any more, and that must not fail what the tool still
/// has to finish, such as a checkpoint.
/// </summary>
internal sealed class ScreenWriter(TextWriter screen) : TextWriter
{
    /// <summary>Puts one before what of the console's output goes to a screen.</summary>
    public static void Install()
    {
        if (!Console.IsOutputRedirected)
            Console.SetOut(new ScreenWriter(Console.Out));
        if (!Console.IsErrorRedirected)
            Console.SetError(new ScreenWriter(Console.Error));
    }

    public override Encoding Encoding => screen.Encoding;

    public override void Write(char value) => Try(value, (writer, it) => writer.Write(it));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsMemory(index, count).ToString());

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => Try(value, (writer, it) => writer.Write(it));

    public override void WriteLine(string? value) => Try(value, (writer, it) => writer.WriteLine(it));

    public override void Flush() => Try(0, (writer, _) => writer.Flush());

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        try
        {
            write(screen, value);
        }
        catch (IOException)
        {
            // The window is closed.
        }
    }
}
