using SpGpu.Data.Tests;
using SpGpu.Training.Logs;
using Xunit;

namespace SpGpu.Training.Tests.Logs;

/// <summary>Tables that grow.</summary>
public sealed class CsvLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Table => _folder.File("t.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_in_the_file_at_once()
    {
        using var log = Open("step,a,b", below: 1);
        log.Append(1, 0.1, double.NaN);
        Assert.Equal("step,a,b\n1,0.1,\n", Read());
    }

    [Fact]
    public void Going_on_takes_out_later_rows_and_what_was_cut_short()
    {
        _folder.Write("t.csv", "step,a\n1,1\n2,2\n3,3\n4");
        using (var log = Open("step,a", below: 3))
            log.Append(3, 30);
        Assert.Equal("step,a\n1,1\n2,2\n3,30\n", Read());
    }

    [Fact]
    public void Other_columns_start_a_new_table()
    {
        _folder.Write("t.csv", "step,a\n1,1\n");
        using (Open("step,b", below: 3))
        {
        }
        Assert.Equal("step,b\n", Read());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_of_one_line() =>
        Assert.Contains(
            "cannot write",
            Assert.Throws<OutputException>(() => new CsvLog(_folder.File("none/t.csv"), "a", new LogContent([]), _ => { })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_is_an_error_of_one_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        File.CreateSymbolicLink(Table, "/dev/full");
        OutputException error = Assert.Throws<OutputException>(() => Open("step,a", 1));
        Assert.Contains("t.csv", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private CsvLog Open(string heading, long below) => new(Table, heading, CsvLog.Find(Table, heading, below), _ => { });

    private string Read()
    {
        using var stream = new FileStream(Table, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }
}
