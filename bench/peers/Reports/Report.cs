using System.Text;

namespace SpGpu.Peers.Reports;

/// <summary>What is found, as Markdown: to the terminal line by line and, if wanted, to a file that is whole at any time.</summary>
internal sealed class Report(string? file)
{
    private readonly StringBuilder _text = new();

    public void Line(string text = "")
    {
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    /// <summary>Writes the file with what there is so far.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Save()
    {
        if (file is not null)
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(_text.ToString())));
    }
}
