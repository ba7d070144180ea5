using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Loads that say themselves that they go to global memory, and that only happen where they are wanted. An ordinary load of
/// a kernel is generic: it may alias a store to shared memory, so the compiler leaves it behind the store before it, and a
/// thread has one load in flight where bandwidth needs four or more. And a load under a branch cannot move out of it; a
/// wanted one is a predicate on the instruction. <see cref="GlobalMemoryIntrinsics"/> has the code.
/// </summary>
internal static class GlobalMemory
{
    /// <summary>The float at an offset, or zero.</summary>
    public static float Load(ArrayView<float> view, int offset, bool wanted) => Scalar(ref view[wanted ? offset : 0], wanted);

    /// <summary>
    /// The float at <paramref name="place"/> + <paramref name="distance"/>, or zero. On NVIDIA, loads from one place share its
    /// address, to which one instruction adds a distance; where the float is not wanted both may be anything.
    /// </summary>
    public static float Load(ArrayView<float> view, int place, int distance, bool wanted) =>
        Distant(ref view[0], place, distance, ref view[wanted ? place + distance : 0], wanted);

    /// <summary>The four floats at an offset that is a multiple of four, or zeros.</summary>
    public static Float4 Load4(ArrayView<float> view, int offset, bool wanted) =>
        Vector(ref view.Cast<Float4>()[wanted ? offset >> 2 : 0], wanted);

    [IntrinsicImplementation]
    internal static float Scalar(ref float at, bool wanted) => wanted ? at : 0f;

    // NVIDIA's code starts from the first float, place and distance; that of others from where they lead, or from the first.
    [IntrinsicImplementation]
    internal static float Distant(ref float start, int place, int distance, ref float at, bool wanted) => wanted ? at : 0f;

    [IntrinsicImplementation]
    internal static Float4 Vector(ref Float4 at, bool wanted) => wanted ? at : default;
}
