using SpGpu.Data;

namespace SpGpu.Bridges;

/// <summary>Frames of a raw video, one after the other: blue, green, red and alpha, a byte each, rows without padding.</summary>
internal static class RawFrames
{
    /// <summary>The frames up to the end of the stream; one buffer serves all.</summary>
    public static IEnumerable<RgbImage> Read(Stream video, int width, int height)
    {
        var frame = new byte[4 * width * height];
        while (video.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
            yield return new RgbImage(frame, width, height, 4 * width, PixelOrder.Bgra);
    }
}
