using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Stores past the caches, for results that no cache can hold until they are read: an ordinary store reads the line
/// that it is about to overwrite, which is a third of the traffic of a copy.
/// </summary>
internal static unsafe class Streaming
{
    /// <summary>Results above this do not fit the last-level cache of most processors.</summary>
    private const long CacheBytes = 32 << 20;

    /// <summary>Whether <paramref name="y"/> is large enough, and all its rows are whole aligned vectors.</summary>
    public static bool Pays(View y) =>
        y.Shape.Count * (long)sizeof(float) > CacheBytes
        && y.Shape.W % Vector<float>.Count == 0
        && y.BatchStride % Vector<float>.Count == 0
        && (nuint)y.Floats % (nuint)sizeof(Vector<float>) == 0;

    /// <summary>Call at the end of a share: other threads see the stores from here on.</summary>
    public static void Finish() => Thread.MemoryBarrier();
}
