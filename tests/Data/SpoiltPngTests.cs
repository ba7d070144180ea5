using System.IO.Compression;

namespace SpGpu.Data.Tests;

/// <summary>PNG files that are spoilt inside their chunks, whose checksums are right.</summary>
public class SpoiltPngTests
{
    private static readonly byte[] _rows = [0, 1, 2, 3, 1, 4, 5, 6, 2, 7, 8, 9, 3, 1, 1, 1, 4, 2, 2, 2];

    [Fact]
    public void A_stream_that_asks_for_a_dictionary_is_damage() =>
        // The second byte's bit 5 announces one; the two bytes together are a multiple of 31.
        Check.Throws<ImageException>(() => LabelMap.Read(new MemoryStream(Build([0x78, 0xBB, 0, 0, 0, 1, .. Packed()[2..]])), "map.png"),
            "map.png", "garbled");

    [Fact]
    public void Every_first_two_bytes_are_read_or_refused()
    {
        byte[] packed = Packed();
        int next = 0;
        Check.Survives<ImageException>(
            _ => Build([(byte)(next >> 8), (byte)next++, .. packed[2..]]), cases: 65_536, seed: 0,
            file => LabelMap.Read(new MemoryStream(file), "map.png"));
    }

    [Fact]
    public void Spoilt_streams_of_maps_are_read_or_refused() =>
        Check.Survives<ImageException>(Spoilt, cases: 5000, seed: 6, file => LabelMap.Read(new MemoryStream(file), "map.png"));

    [Fact]
    public void Spoilt_streams_of_pictures_are_read_or_refused() =>
        Check.Survives<ImageException>(Spoilt, cases: 3000, seed: 7, file => RgbImage.Read(new MemoryStream(file), "photo.png"));

    private static byte[] Spoilt(Random random)
    {
        byte[] packed = Packed(), header = [0, 0, 0, 3, 0, 0, 0, 5, 8, 0, 0, 0, 0];
        for (int i = random.Next(3); i >= 0; i--)
            packed[random.Next(random.Next(2) == 0 ? 3 : packed.Length)] = (byte)random.Next(256);
        if (random.Next(4) == 0)
            header[random.Next(header.Length)] = (byte)random.Next(8);
        int cut = random.Next(4) == 0 ? random.Next(packed.Length) : packed.Length;
        return new PngFile().Chunk("IHDR", header).Chunk("PLTE", new byte[3 * random.Next(8)]).Chunk("IDAT", packed[..cut])
            .Chunk("IDAT", packed[cut..]).End();
    }

    private static byte[] Build(byte[] packed) => new PngFile().Header(3, 5, 8, 3).Chunk("PLTE", 1, 2, 3).Chunk("IDAT", packed).End();

    private static byte[] Packed()
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(_rows);
        return packed.ToArray();
    }
}
