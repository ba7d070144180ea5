namespace SpGpu.Gpu.Simd;

/// <summary>
/// The layout of a filter that the microkernel reads: blocks of <see cref="Microkernel.Rows"/> output channels, within
/// a block all (in, kh, kw) in order, within each the channels of the block; missing channels are zero.
/// </summary>
internal static unsafe class ConvolutionFilter
{
    private const int MostLanes = 16;

    /// <summary>(in, kh, kw) of one output channel.</summary>
    public static int Depth(Convolution convolution) => convolution.InChannels * convolution.Kernel.Height * convolution.Kernel.Width;

    /// <summary>Blocks of output channels.</summary>
    public static int Blocks(Convolution convolution) => (convolution.OutChannels + Microkernel.Rows - 1) / Microkernel.Rows;

    /// <summary>Elements of the packed filter.</summary>
    public static int Length(Convolution convolution) => checked(Blocks(convolution) * Depth(convolution) * Microkernel.Rows);

    /// <summary>Elements to what may follow it, on whole cache lines: last vectors are read beyond the last channel.</summary>
    public static int RoomFor(Convolution convolution) => checked((Length(convolution) + 2 * MostLanes - 1) / MostLanes * MostLanes);

    /// <summary>
    /// Packs blocks [first, last) of a filter (out, in, kh, kw) whose output channels lie <paramref name="stride"/>
    /// apart.
    /// </summary>
    public static void Pack(Convolution convolution, float* filter, long stride, float* packed, int first, int last)
    {
        int rows = Microkernel.Rows;
        int depth = Depth(convolution);
        for (int block = first; block < last; block++)
        {
            Transposition.Run(filter + block * rows * stride, stride, Math.Min(rows, convolution.OutChannels - block * rows), depth,
                packed + (long)block * rows * depth, rows);
        }
    }
}
