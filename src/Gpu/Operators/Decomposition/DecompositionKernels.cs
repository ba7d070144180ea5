using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>The kernels of a matrix decomposition; the second axis of every grid is the image.</summary>
internal static class DecompositionKernels
{
    /// <summary>The bases before the first step, the upper 24 bits of each number; grid (rank), a group of threads each.</summary>
    [Kernel]
    internal static void Start(ArrayView<float> work, DecompositionScalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int row = Grid.IdxX;
        int to = Grid.IdxY * s.Stride + s.Bases + row * s.Channels;
        float squares = 0f;
        for (int c = Group.IdxX; c < s.Channels; c += Group.DimX)
        {
            float value = Uniform(s.Seed, c * s.Rank + row);
            squares += value * value;
        }
        float length = KernelMath.Sqrt(GroupSum.Of(shared, squares));
        float factor = KernelMath.Divide(1f, length < MatrixDecomposition.ShortestColumn ? MatrixDecomposition.ShortestColumn : length);
        for (int c = Group.IdxX; c < s.Channels; c += Group.DimX)
            work[to + c] = Uniform(s.Seed, c * s.Rank + row) * factor;
    }

    /// <summary>Products of pixels and bases, where the next coefficients belong; grid (coefficients), one a thread.</summary>
    [Kernel]
    internal static void Similarities(ArrayView<float> x, ArrayView<float> work, DecompositionScalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (KernelMath.InRange(i, s.Rank * s.Pixels))
            work[Grid.IdxY * s.Stride + s.NextCoefficients + i] = Similarity(x, work, s, i);
    }

    /// <summary>Products of rows with each other; grid (pairs of rows), a group of threads each.</summary>
    [Kernel]
    internal static void Gram(ArrayView<float> work, DecompositionScalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int a = s.ByRank.Quotient(Grid.IdxX);
        int b = Grid.IdxX - a * s.Rank;
        int image = Grid.IdxY * s.Stride;
        int left = image + s.Rows + a * s.Length;
        int right = image + s.Rows + b * s.Length;
        float sum = 0f;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
            sum += work[left + i] * work[right + i];
        sum = GroupSum.Of(shared, sum);
        if (Group.IdxX == 0)
            work[image + s.Gram + Grid.IdxX] = sum;
    }

    /// <summary>The next coefficients; grid (coefficients), one a thread.</summary>
    [Kernel]
    internal static void Coefficients(ArrayView<float> x, ArrayView<float> work, DecompositionScalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Rank * s.Pixels))
            return;
        int row = s.ByPixels.Quotient(i);
        int image = Grid.IdxY * s.Stride;
        int old = image + s.Coefficients;
        int pixel = old + i - row * s.Pixels;
        int gram = image + s.Gram + row * s.Rank;
        float divisor = MatrixDecomposition.Epsilon;
        for (int other = 0; other < s.Rank; other++)
            divisor += work[pixel + other * s.Pixels] * work[gram + other];
        work[image + s.NextCoefficients + i] = KernelMath.Divide(work[old + i] * Similarity(x, work, s, i), divisor);
    }

    /// <summary>The next bases; grid (bases), a group of threads each, which sums over pixels.</summary>
    [Kernel]
    internal static void Bases(ArrayView<float> x, ArrayView<float> work, DecompositionScalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int row = s.ByChannels.Quotient(Grid.IdxX);
        int channel = Grid.IdxX - row * s.Channels;
        int image = Grid.IdxY * s.Stride;
        int from = s.X.Image(Grid.IdxY) + channel * s.Pixels;
        int coefficients = image + s.Coefficients + row * s.Pixels;
        float sum = 0f;
        for (int i = Group.IdxX; i < s.Pixels; i += Group.DimX)
            sum += x[from + i] * work[coefficients + i];
        sum = GroupSum.Of(shared, sum);
        if (Group.IdxX != 0)
            return;
        int old = image + s.Bases;
        int gram = image + s.Gram + row * s.Rank;
        float divisor = MatrixDecomposition.Epsilon;
        for (int other = 0; other < s.Rank; other++)
            divisor += work[old + other * s.Channels + channel] * work[gram + other];
        work[image + s.NextBases + Grid.IdxX] = KernelMath.Divide(work[old + Grid.IdxX] * sum, divisor);
    }

    /// <summary>Bases times coefficients; grid (elements of an image), one a thread.</summary>
    [Kernel]
    internal static void Product(ArrayView<float> y, ArrayView<float> work, DecompositionScalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Channels * s.Pixels))
            return;
        int channel = s.ByPixels.Quotient(i);
        int image = Grid.IdxY * s.Stride;
        int bases = image + s.Bases + channel;
        int coefficients = image + s.Coefficients + i - channel * s.Pixels;
        float sum = 0f;
        for (int row = 0; row < s.Rank; row++)
            sum += work[bases + row * s.Channels] * work[coefficients + row * s.Pixels];
        y[s.Y.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>The product of a pixel and a row of the bases.</summary>
    private static float Similarity(ArrayView<float> x, ArrayView<float> work, in DecompositionScalars s, int i)
    {
        int row = s.ByPixels.Quotient(i);
        int from = s.X.Image(Grid.IdxY) + i - row * s.Pixels;
        int bases = Grid.IdxY * s.Stride + s.Bases + row * s.Channels;
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += x[from + c * s.Pixels] * work[bases + c];
        return sum;
    }

    /// <summary>Number index + 1 of splitmix64's stream.</summary>
    private static float Uniform(ulong seed, int index) =>
        (int)(SplitMix64.Mix(seed + (ulong)(index + 1) * SplitMix64.Step) >> 40) * (1f / (1 << 24));
}
