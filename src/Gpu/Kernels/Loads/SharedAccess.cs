using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Loads and stores a known distance from a place in shared memory. ILGPU computes every address anew, in 64 bits; here what
/// lies near a place shares its address, and the distance is part of the instruction. <see cref="SharedAccessIntrinsics"/>
/// has the code.
/// </summary>
internal static class SharedAccess
{
    /// <summary>The floats from <paramref name="place"/> + <paramref name="distance"/> on.</summary>
    /// <param name="view">Shared memory, aligned to 16 bytes.</param>
    /// <param name="place">In floats, a multiple of four, not negative.</param>
    /// <param name="distance">Likewise, and a constant once the kernel's type arguments are known.</param>
    public static Float4 Load(ArrayView<float> view, int place, int distance) =>
        LoadVector(ref view[place], distance * sizeof(float), ref view.Cast<Float4>()[(place + distance) >> 2]);

    /// <summary>Stores a float likewise, at any place.</summary>
    public static void Store(ArrayView<float> view, int place, int distance, float value) =>
        StoreFloat(ref view[place], distance * sizeof(float), ref view[place + distance], value);

    /// <summary>The tap at <paramref name="place"/> + <paramref name="distance"/>, of which the latter is a constant.</summary>
    public static TapPlace Load(ArrayView<TapPlace> view, int place, int distance) =>
        LoadTap(ref view[place], distance * TapPlace.Floats * sizeof(float), ref view[place + distance]);

    // Each is given the place and the distance in bytes, for NVIDIA, and where both lead, for others.
    [IntrinsicImplementation]
    internal static Float4 LoadVector(ref float place, int bytes, ref Float4 at) => at;

    [IntrinsicImplementation]
    internal static TapPlace LoadTap(ref TapPlace place, int bytes, ref TapPlace at) => at;

    [IntrinsicImplementation]
    internal static void StoreFloat(ref float place, int bytes, ref float at, float value) => at = value;
}
