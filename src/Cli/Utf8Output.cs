using System.Text;

namespace SpGpu.Cli;

/// <summary>
/// Lets the console take every character. On Windows it starts with the code page of the country, in which names of
/// pictures become question marks, on the screen and in a file or a pipe alike; elsewhere the user's locale says what a
/// terminal can show, and it is UTF-8.
/// </summary>
internal sealed class Utf8Output : IDisposable
{
    private readonly Encoding? _before;

    public Utf8Output()
    {
        if (!OperatingSystem.IsWindows() || Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage)
            return;
        _before = Console.OutputEncoding;
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }

    /// <summary>Gives the console back as it was: it belongs to the shell as well.</summary>
    public void Dispose()
    {
        if (_before is not null)
            Console.OutputEncoding = _before;
    }
}
