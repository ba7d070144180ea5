using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>What the limits of a GPU are measured with: multiply-adds on registers alone, and a read of memory.</summary>
internal static class LimitKernels
{
    /// <summary>Multiply-adds of a thread in one round: four on each of sixteen independent sums.</summary>
    public const int MultiplyAddsOfRound = 64;

    /// <summary>Floats that a thread reads in one round.</summary>
    public const int FloatsOfRound = 16;

    internal readonly record struct MultiplyAddScalars(int Rounds, float Factor, float Term);

    internal readonly record struct ReadScalars(int Rounds, int Threads);

    /// <summary>Sixteen sums a thread, enough to hide the latency of a multiply-add; written out, because no compiler unrolls it.</summary>
    [Kernel]
    internal static void MultiplyAdd(ArrayView<float> y, MultiplyAddScalars s)
    {
        int i = KernelMath.GlobalIndex();
        Float4 a = Float4.All(i), b = Float4.All(i + 1), c = Float4.All(i + 2), d = Float4.All(i + 3);
        for (int round = 0; round < s.Rounds; round++)
        {
            a = Four(a, s);
            b = Four(b, s);
            c = Four(c, s);
            d = Four(d, s);
        }
        y[i] = (a + b + (c + d)).Total();
    }

    /// <summary>Each thread adds up every so many-th vector of x; it asks for four of them before it adds the first.</summary>
    [Kernel]
    internal static void Read(ArrayView<float> x, ArrayView<float> y, ReadScalars s)
    {
        int i = KernelMath.GlobalIndex();
        int step = 4 * s.Threads;
        Float4 sum = Float4.All(0f);
        int at = 4 * i;
        for (int round = 0; round < s.Rounds; round++)
        {
            Float4 a = GlobalMemory.Load4(x, at, true), b = GlobalMemory.Load4(x, at + step, true);
            Float4 c = GlobalMemory.Load4(x, at + 2 * step, true), d = GlobalMemory.Load4(x, at + 3 * step, true);
            sum += a + b + (c + d);
            at += 4 * step;
        }
        y[i] = sum.Total();
    }

    private static Float4 Four(Float4 v, MultiplyAddScalars s) => Float4.MultiplyAdd(
        Float4.MultiplyAdd(Float4.MultiplyAdd(Float4.MultiplyAdd(v, s.Factor, s.Term), s.Factor, s.Term), s.Factor, s.Term),
        s.Factor, s.Term);
}
