using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Adds partial sums in workspace to an output, y[n,i] += sum over splits of partial[split, n, i]. Grid (elements of an
/// image by 32, images); a group is 32 columns of 2 or 8 threads: thread t of a column sums splits t, t + 8, ... upwards,
/// then those sums are added in order.
/// </summary>
internal static class SplitKSums
{
    private const int LogLanes = 5;

    /// <summary>Elements that a group takes.</summary>
    public const int Lanes = 1 << LogLanes;

    /// <summary>The place of y, elements of an image and of a split, and splits.</summary>
    internal readonly record struct Scalars(Place Y, int Elements, int SplitLength, int Splits);

    [Kernel]
    internal static void Run(ArrayView<float> partial, ArrayView<float> y, Scalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int element = Grid.IdxX * Lanes + (Group.IdxX & (Lanes - 1));
        int step = Group.DimX >> LogLanes;
        float sum = 0f;
        if (element < s.Elements)
        {
            int at = Grid.IdxY * s.Elements + element;
            for (int split = Group.IdxX >> LogLanes; split < s.Splits; split += step)
                sum += partial[split * s.SplitLength + at];
        }
        sums[Group.IdxX] = sum;
        KernelMath.Barrier();
        if (Group.IdxX < Lanes && element < s.Elements)
        {
            sum = 0f;
            for (int t = 0; t < step; t++)
                sum += sums[t * Lanes + Group.IdxX];
            y[s.Y.Image(Grid.IdxY) + element] += sum;
        }
    }
}
