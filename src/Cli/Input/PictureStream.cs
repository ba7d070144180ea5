using System.Buffers.Binary;
using SpGpu.Data;
using SpGpu.Gpu;

namespace SpGpu.Cli.Input;

/// <summary>
/// Pictures that come one after another through a pipe: raw frames of one size, or PNG files; of any other format one picture,
/// which ends with the stream.
/// </summary>
internal static class PictureStream
{
    private const string Name = "the standard input";

    /// <summary>The most bytes of one PNG, as of a file.</summary>
    private const int MostBytes = 512 << 20;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The pictures up to the end.</summary>
    /// <param name="stream">The pipe.</param>
    /// <param name="raw">The size of raw frames: red, green and blue, a byte each; null for files.</param>
    /// <param name="stop">Asks to stop: the same signal may have ended who sends them, within a picture or behind one.</param>
    /// <exception cref="ImageException">It ends within a picture, or holds something else.</exception>
    /// <exception cref="OperationCanceledException">Someone asked to stop.</exception>
    public static IEnumerable<RgbImage> Read(Stream stream, Size2D? raw, CancellationToken stop)
    {
        using IEnumerator<RgbImage> next = (raw is { } size ? Frames(stream, size) : Files(stream)).GetEnumerator();
        while (true)
        {
            bool isThere;
            try
            {
                isThere = next.MoveNext();
            }
            catch (ImageException) when (stop.IsCancellationRequested)
            {
                isThere = false;
            }
            stop.ThrowIfCancellationRequested();
            if (!isThere)
                yield break;
            yield return next.Current;
        }
    }

    private static IEnumerable<RgbImage> Frames(Stream stream, Size2D size)
    {
        var frame = new byte[3 * size.Height * size.Width];
        for (int number = 1; ; number++)
        {
            int read = stream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
            if (read == 0 && number > 1)
                yield break;
            if (read < frame.Length)
                throw new ImageException(
                    $"{Name} ends after {read} bytes of frame {number}: a frame of {size.Width} x {size.Height} takes {frame.Length} " +
                    "(rgb24); give --raw the size that the frames have");
            yield return new RgbImage(frame, size.Width, size.Height, 3 * size.Width, PixelOrder.Rgb);
        }
    }

    private static IEnumerable<RgbImage> Files(Stream stream)
    {
        for (int number = 1; ; number++)
        {
            using var file = new MemoryStream();
            Take(stream, file, Png.Length);
            if (file.Length == 0 && number > 1)
                yield break;
            bool isPng = file.GetBuffer().AsSpan(0, (int)file.Length).SequenceEqual(Png);
            if (isPng)
                TakeChunks(stream, file);
            else if (number == 1)
                TakeAll(stream, file);
            else
                throw new ImageException($"{Name} goes on after {number - 1} PNG files with what is none; send PNG files alone");
            file.Position = 0;
            yield return RgbImage.Read(file, isPng ? $"PNG {number} of {Name}" : Name);
        }
    }

    /// <summary>Takes the chunks of a PNG up to its last one, or the end: the decoder finds what is missing.</summary>
    private static void TakeChunks(Stream stream, MemoryStream file)
    {
        while (true)
        {
            int start = (int)file.Length;
            if (!Take(stream, file, 8))
                return;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.GetBuffer().AsSpan(start));
            bool isLast = file.GetBuffer().AsSpan(start + 4, 4).SequenceEqual("IEND"u8);
            if (length > MostBytes - file.Length)
                throw new ImageException($"{Name} has a PNG of more than {MostBytes >> 20} MiB; check that it is one");
            // The content and its checksum.
            if (!Take(stream, file, (int)length + 4) || isLast)
                return;
        }
    }

    private static void TakeAll(Stream stream, MemoryStream file)
    {
        if (Take(stream, file, MostBytes))
            throw new ImageException($"{Name} has more than {MostBytes >> 20} MiB and is no PNG; raw frames need --raw WxH");
    }

    /// <summary>Takes so many bytes; false where the stream ends before.</summary>
    private static bool Take(Stream stream, MemoryStream file, int count)
    {
        Span<byte> part = stackalloc byte[4096];
        while (count > 0)
        {
            int read = stream.Read(part[..Math.Min(count, part.Length)]);
            if (read == 0)
                return false;
            file.Write(part[..read]);
            count -= read;
        }
        return true;
    }
}
