using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Moves between a row of an image and four rows, in which number j of each tile lies beside number j of the next: of
/// every 4d pixels, d go to each.
/// </summary>
internal static unsafe class WinogradLines
{
    private const int Side = WinogradTiling.Outputs;

    /// <summary>
    /// <c>numbers[j * stride + t * d + i] = line[d * (4 * t + j) + i]</c> for t below <paramref name="tiles"/>, i below
    /// d.
    /// </summary>
    public static void Split(float* line, int dilation, int tiles, float* numbers, int stride)
    {
        int t = dilation == 1 ? Lanes.SplitFours(line, tiles, numbers, stride)
            : dilation == 2 ? Lanes.SplitPairs(line, tiles, numbers, stride)
            : 0;
        for (; dilation == 1 && t + Side <= tiles; t += Side)
        {
            float* from = line + Side * t;
            float* to = numbers + t;
            Lanes.Transpose(
                Vector128.Load(from), Vector128.Load(from + 4), Vector128.Load(from + 8), Vector128.Load(from + 12),
                to, to + stride, to + 2 * stride, to + 3 * stride);
        }
        for (; t < tiles; t++)
        {
            for (int j = 0; j < Side; j++)
                Copy(line + dilation * (Side * t + j), numbers + j * stride + t * dilation, dilation);
        }
    }

    /// <summary>
    /// <c>line[d * (4 * t + j) + i] = numbers[j * stride + t * d + i]</c> for t below <paramref name="tiles"/>, i below
    /// d.
    /// </summary>
    public static void Join(float* numbers, int stride, int dilation, int tiles, float* line)
    {
        int t = dilation == 1 ? Lanes.JoinFours(numbers, stride, tiles, line)
            : dilation == 2 ? Lanes.JoinPairs(numbers, stride, tiles, line)
            : 0;
        for (; dilation == 1 && t + Side <= tiles; t += Side)
        {
            float* from = numbers + t;
            float* to = line + Side * t;
            Lanes.Transpose(
                Vector128.Load(from), Vector128.Load(from + stride), Vector128.Load(from + 2 * stride), Vector128.Load(from + 3 * stride),
                to, to + 4, to + 8, to + 12);
        }
        for (; t < tiles; t++)
        {
            for (int j = 0; j < Side; j++)
                Copy(numbers + j * stride + t * dilation, line + dilation * (Side * t + j), dilation);
        }
    }

    /// <summary>A few elements: a call of a general copy would take longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int count)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
            Vector128.Load(from + i).Store(to + i);
        for (; i + 2 <= count; i += 2)
            *(double*)(to + i) = *(double*)(from + i);
        for (; i < count; i++)
            to[i] = from[i];
    }
}
