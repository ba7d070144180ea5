namespace SpGpu.Gpu;

/// <summary>
/// Where the pixels of a plane of another size lie in a plane of <c>in</c> pixels along each axis, resized to <c>out</c>. Of a
/// position before the first pixel the first is taken, of one behind the last the last. All in float32.
/// </summary>
public enum ResizeRule
{
    /// <summary>
    /// The centres of the outermost pixels lie on each other: pixel i at <c>i * (in - 1) / (out - 1)</c>, at 0 where out = 1
    /// (PyTorch's align_corners).
    /// </summary>
    CornerAligned,

    /// <summary>
    /// The outer edges of the planes lie on each other: pixel i at <c>(i + 0.5) * in / out - 0.5</c> (PyTorch's interpolate
    /// to a given size where align_corners is not asked for; OpenCV).
    /// </summary>
    HalfPixel,
}
