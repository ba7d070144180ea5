using System.Text;
using SpGpu.Cli.Output;

namespace SpGpu.Cli.Tests;

/// <summary>A terminal of some columns: keeps what a person would see after carriage returns and wrapped lines.</summary>
internal sealed class Screen : TextWriter
{
    private readonly List<string[]> _rows = [];
    private int _columns;
    private int _row;
    private int _column;

    public Screen(int columns)
    {
        _columns = columns;
        NewLine = "\n";
    }

    public override Encoding Encoding => Encoding.Unicode;

    /// <summary>The rows down to the last that has something, without the blanks at their ends.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            string[] rows = [.. _rows.Select(row => string.Concat(row).TrimEnd())];
            return rows[..(Array.FindLastIndex(rows, row => row.Length > 0) + 1)];
        }
    }

    /// <summary>Makes the window narrower; what stood at the right is gone.</summary>
    public void Narrow(int columns)
    {
        _columns = columns;
        _column = Math.Min(_column, columns);
        for (int row = 0; row < _rows.Count; row++)
            _rows[row] = _rows[row][..columns];
    }

    public override void Write(char value) => Write(value.ToString());

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value)
    {
        foreach (Rune rune in (value ?? "").EnumerateRunes())
        {
            if (rune.Value == '\r')
                _column = 0;
            else if (rune.Value == '\n')
                (_row, _column) = (_row + 1, 0);
            else
                Put(rune.ToString());
        }
    }

    private void Put(string letter)
    {
        int width = Text.Width(letter);
        if (_column + width > _columns)
            (_row, _column) = (_row + 1, 0);
        while (_rows.Count <= _row)
            _rows.Add([.. Enumerable.Repeat(" ", _columns)]);
        string[] row = _rows[_row];
        if (width == 0 && _column > 0)
        {
            row[_column - 1] += letter;
            return;
        }
        for (int i = 0; i < width; i++)
            row[_column++] = i == 0 ? letter : "";
    }
}
