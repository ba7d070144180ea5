using ILGPU.IR.Intrinsics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Instructions of NVIDIA GPUs from compute capability 8.0 on (<see cref="TensorIntrinsics"/>), for kernels that are marked
/// with <see cref="KernelAttribute.TensorCores"/>.
/// </summary>
internal static class TensorInstructions
{
    /// <summary>
    /// c + a b by a warp's tensor cores, mma.m16n8k8 of TF32, which ignores the lower 13 bits of a and b, floats by their bits; arguments
    /// are what PTX gives a lane. NaN on devices that have none.
    /// </summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyAdd(
        uint a0, uint a1, uint a2, uint a3, uint b0, uint b1, float c0, float c1, float c2, float c3) => Float4.All(float.NaN);

    /// <summary>
    /// Starts to copy a float to shared memory, or zero where <paramref name="bytes"/> is 0 and not 4. Of compute capability 8.0 on.
    /// </summary>
    [IntrinsicImplementation]
    public static void Copy(ref float shared, ref float source, int bytes) => shared = bytes == 0 ? 0f : source;

    /// <summary>Likewise for four floats at aligned places; <paramref name="bytes"/> is 0 or 16.</summary>
    [IntrinsicImplementation]
    public static void Copy(ref Float4 shared, ref Float4 source, int bytes) => shared = bytes == 0 ? default : source;

    /// <summary>Makes what was started since the last call a batch, also if that is nothing.</summary>
    [IntrinsicImplementation]
    public static void Commit()
    {
    }

    /// <summary>Waits until the thread's batches have come in but for the last.</summary>
    [IntrinsicImplementation]
    public static void Await()
    {
    }
}
