using System.Text;
using SpGpu.Data.Tests;
using SpGpu.Training.Logs;
using Xunit;

namespace SpGpu.Training.Tests.Logs;

/// <summary>Event files for TensorBoard.</summary>
public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The check value of CRC-32C, masked as TensorFlow's record writer does: rotated right by 15, plus a constant.
    [Fact]
    public void Checksum_is_the_masked_castagnoli_one()
    {
        const uint Crc = 0xE3069283;
        Assert.Equal(unchecked(((Crc >> 15) | (Crc << 17)) + 0xA282EAD8), EventFile.Checksum("123456789"u8));
    }

    [Fact]
    public void A_scalar_has_the_bytes_that_protocol_buffers_prescribe()
    {
        byte[] expected =
        [
            0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, // wall_time 1.0
            0x10, 0xAC, 0x02, // step 300
            0x2A, 0x0C, 0x0A, 0x0A, // summary of 12 bytes, a value of 10
            0x0A, 0x03, (byte)'a', (byte)'/', (byte)'b', // tag
            0x15, 0, 0, 0x20, 0x40, // simple_value 2.5
        ];
        Assert.Equal(expected, EventMessage.Scalar(1, 300, "a/b", 2.5f));
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        string path = _folder.File("events");
        using (var file = Open(path, (_, _) => true))
        {
            file.Add("train/loss", 1, 2.5);
            file.Add("train/loss", 200_000, -1e-3);
            file.Add("train/loss", 3, double.NaN);
        }
        byte[] content = File.ReadAllBytes(path);
        (EventMessage Event, int End)[] read = [.. EventFile.Read(content)];
        Assert.Equal([new(0, "", 0), new(1, "train/loss", 2.5f), new(200_000, "train/loss", -1e-3f)], read.Select(record => record.Event));
        Assert.Equal(content.Length, read[^1].End);
        Assert.Contains("brain.Event:2", Encoding.Latin1.GetString(content), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_or_short_record_ends_the_file()
    {
        string path = Write(10);
        byte[] content = File.ReadAllBytes(path);
        int[] ends = [.. EventFile.Read(content).Select(record => record.End)];
        Assert.Equal(10, EventFile.Read(content[..^1]).Count());
        content[ends[4] + 14] ^= 1;
        Assert.Equal(5, EventFile.Read(content).Count());
    }

    [Fact]
    public void Going_on_takes_out_later_events_and_what_was_cut_short()
    {
        string path = Write(10);
        File.AppendAllBytes(path, [1, 2, 3]);
        using (var file = Open(path, (step, _) => step <= 6))
            file.Add("loss", 7, 70);
        (long Step, float Value)[] read =
            [.. EventFile.Read(File.ReadAllBytes(path)).Skip(1).Select(record => (record.Event.Step, record.Event.Value))];
        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 70)], read);
    }

    private static EventFile Open(string path, Func<long, string, bool> stays) => new(path, EventFile.Find(path, stays), _ => { });

    private string Write(int count)
    {
        string path = _folder.File("events");
        using var file = Open(path, (_, _) => true);
        for (int step = 1; step <= count; step++)
            file.Add("loss", step, step);
        return path;
    }
}
