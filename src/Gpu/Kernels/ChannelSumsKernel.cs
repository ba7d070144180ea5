using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Sums of pieces of planes: partial[image, piece, c] = sum over a piece of dy[image, c]. Grid (pieces, channels, images).
/// Thread t sums elements t, t + threads, ... upwards; then the threads' sums are added in pairs, t and t + half, until
/// one is left. <see cref="SliceSums"/> adds the pieces up.
/// </summary>
internal static class ChannelSumsKernel
{
    /// <summary>The place of dy, its channels and plane, and elements of a piece.</summary>
    internal readonly record struct Scalars(Place Gradient, int Channels, int Plane, int Piece);

    [Kernel]
    internal static void Run(ArrayView<float> gradient, ArrayView<float> partial, Scalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int thread = Group.IdxX;
        int plane = s.Gradient.Image(Grid.IdxZ) + Grid.IdxY * s.Plane;
        int begin = Grid.IdxX * s.Piece;
        int end = KernelMath.Min(begin + s.Piece, s.Plane);
        float sum = 0f;
        for (int i = begin + thread; i < end; i += Group.DimX)
            sum += gradient[plane + i];
        sums[thread] = sum;
        KernelMath.Barrier();
        for (int half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            if (thread < half)
                sums[thread] += sums[thread + half];
            KernelMath.Barrier();
        }
        if (thread == 0)
            partial[(Grid.IdxZ * Grid.DimX + Grid.IdxX) * s.Channels + Grid.IdxY] = sums[0];
    }
}
