using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Adds up one number of each thread of a group, in a tree; the group has a power of two of threads.</summary>
internal static class GroupSum
{
    /// <summary>The sum, in every thread. All threads of the group must come here.</summary>
    /// <param name="shared">A float of shared memory for each thread.</param>
    /// <param name="value">This thread's number.</param>
    public static float Of(ArrayView<float> shared, float value)
    {
        int thread = Group.IdxX;
        shared[thread] = value;
        for (int half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            KernelMath.Barrier();
            if (thread < half)
                shared[thread] += shared[thread + half];
        }
        KernelMath.Barrier();
        float sum = shared[0];
        // The next sum may overwrite it.
        KernelMath.Barrier();
        return sum;
    }
}
