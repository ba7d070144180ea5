using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Places, rows of an image (C * H), H and W.</summary>
internal readonly record struct StripMeansScalars(Place X, Place A, Place B, int Rows, int Height, int Width);

/// <summary>How much shared memory a group asks for: what it does not need keeps other groups out.</summary>
internal interface IPlaneSize
{
    /// <summary>Floats.</summary>
    static abstract int PartialSums { get; }
}

/// <summary>Planes of up to about 97 x 97.</summary>
internal readonly struct SmallPlane : IPlaneSize
{
    public static int PartialSums => 4096;
}

/// <summary>All the shared memory that a kernel may use.</summary>
internal readonly struct LargePlane : IPlaneSize
{
    public static int PartialSums => KernelDevice.SharedMemory / sizeof(float);
}

/// <summary>
/// x N,C,H,W; a = mean over W, N,C,H,1; b = mean over H, N,C,1,W. A group is a block of 32 columns ("lanes") by 2 or 8
/// rows of threads. Along a row, lane l sums columns l, l + 32, ... upwards, then the 32 sums are added in order; along
/// a column, thread row t sums rows t, t + 8, ... upwards, then those sums are added in order.
/// </summary>
internal static class StripMeansKernels
{
    public const int LogLanes = 5;
    public const int Lanes = 1 << LogLanes;

    // One float more than lanes, so that a thread a row finds no bank conflict.
    private const int LaneRow = Lanes + 1;

    /// <summary>Floats of shared memory that <see cref="Both"/> needs for the partial sums of a plane.</summary>
    public static long PartialSums(Shape x, int groupSize) => (long)x.H * LaneRow + (long)(groupSize >> LogLanes) * x.W;

    /// <summary>Both means; grid (channels, images), a plane a group.</summary>
    [Kernel(typeof(SmallPlane)), Kernel(typeof(LargePlane))]
    internal static void Both<TPlane>(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, StripMeansScalars s)
        where TPlane : struct, IPlaneSize
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(TPlane.PartialSums);
        int lane = Group.IdxX & (Lanes - 1);
        int first = Group.IdxX >> LogLanes;
        int step = Group.DimX >> LogLanes;
        int plane = s.X.Image(Grid.IdxY) + Grid.IdxX * s.Height * s.Width;
        int columns = s.Height * LaneRow;
        int own = columns + first * s.Width;

        // Each cell of shared memory has one writer until the barrier.
        for (int w = lane; w < s.Width; w += Lanes)
            shared[own + w] = 0f;
        for (int h = first; h < s.Height; h += step)
        {
            float sum = 0f;
            for (int w = lane; w < s.Width; w += Lanes)
            {
                float value = x[plane + h * s.Width + w];
                sum += value;
                shared[own + w] += value;
            }
            shared[h * LaneRow + lane] = sum;
        }
        KernelMath.Barrier();

        for (int h = Group.IdxX; h < s.Height; h += Group.DimX)
        {
            float sum = 0f;
            for (int l = 0; l < Lanes; l++)
                sum += shared[h * LaneRow + l];
            a[s.A.Image(Grid.IdxY) + Grid.IdxX * s.Height + h] = KernelMath.Divide(sum, s.Width);
        }
        for (int w = Group.IdxX; w < s.Width; w += Group.DimX)
        {
            float sum = 0f;
            for (int t = 0; t < step; t++)
                sum += shared[columns + t * s.Width + w];
            b[s.B.Image(Grid.IdxY) + Grid.IdxX * s.Width + w] = KernelMath.Divide(sum, s.Height);
        }
    }

    /// <summary>The mean over W; grid (rows of an image by the thread rows of a group, images).</summary>
    [Kernel]
    internal static void OverWidth(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, StripMeansScalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>((KernelDevice.MostThreads >> LogLanes) * LaneRow);
        int lane = Group.IdxX & (Lanes - 1);
        int first = Grid.IdxX * (Group.DimX >> LogLanes);
        int row = Group.IdxX >> LogLanes;
        float sum = 0f;
        if (first + row < s.Rows)
        {
            int from = s.X.Image(Grid.IdxY) + (first + row) * s.Width;
            for (int w = lane; w < s.Width; w += Lanes)
                sum += x[from + w];
        }
        sums[row * LaneRow + lane] = sum;
        KernelMath.Barrier();
        row = Group.IdxX;
        if (row < (Group.DimX >> LogLanes) && first + row < s.Rows)
        {
            sum = 0f;
            for (int l = 0; l < Lanes; l++)
                sum += sums[row * LaneRow + l];
            a[s.A.Image(Grid.IdxY) + first + row] = KernelMath.Divide(sum, s.Width);
        }
    }

    /// <summary>The mean over H; grid (columns by 32, channels, images).</summary>
    [Kernel]
    internal static void OverHeight(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, StripMeansScalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int column = Grid.IdxX * Lanes + (Group.IdxX & (Lanes - 1));
        int step = Group.DimX >> LogLanes;
        float sum = 0f;
        if (column < s.Width)
        {
            int from = s.X.Image(Grid.IdxZ) + Grid.IdxY * s.Height * s.Width + column;
            for (int h = Group.IdxX >> LogLanes; h < s.Height; h += step)
                sum += x[from + h * s.Width];
        }
        sums[Group.IdxX] = sum;
        KernelMath.Barrier();
        if (Group.IdxX < Lanes && column < s.Width)
        {
            sum = 0f;
            for (int t = 0; t < step; t++)
                sum += sums[t * Lanes + Group.IdxX];
            b[s.B.Image(Grid.IdxZ) + Grid.IdxY * s.Width + column] = KernelMath.Divide(sum, s.Height);
        }
    }
}
