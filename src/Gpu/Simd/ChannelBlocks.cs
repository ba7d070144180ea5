namespace SpGpu.Gpu.Simd;

/// <summary>
/// A tensor cut into blocks of at most <see cref="Longest"/> elements of a plane, numbered channel by channel, in each
/// image by image. What is summed by blocks first does not depend on who took which block, workers have equal shares
/// however few channels there are, and float32 sums stay short.
/// </summary>
internal readonly struct ChannelBlocks(Shape shape)
{
    /// <summary>Two tensors' blocks fit the first-level cache together.</summary>
    private const int Longest = 2048;

    private readonly int _perPlane = (shape.Plane + Longest - 1) / Longest;

    /// <summary>Blocks of one channel.</summary>
    public int PerChannel => shape.N * _perPlane;

    /// <summary>Blocks of the tensor.</summary>
    public int Count => shape.C * PerChannel;

    /// <summary>Where block <paramref name="index"/> lies: the first element within its plane, and how many.</summary>
    public (int Image, int Channel, int Start, int Length) this[int index]
    {
        get
        {
            int plane = index / _perPlane;
            int start = (index - plane * _perPlane) * Longest;
            int channel = plane / shape.N;
            return (plane - channel * shape.N, channel, start, Math.Min(Longest, shape.Plane - start));
        }
    }
}
