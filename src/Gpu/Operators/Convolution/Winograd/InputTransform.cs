using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>Of the 6 inputs under a tile.</summary>
internal readonly struct InputTransform : ITileTransform
{
    public static int Taps => WinogradTiling.Inputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(
        ref Vector<float> x0, ref Vector<float> x1, ref Vector<float> x2, ref Vector<float> x3, ref Vector<float> x4,
        ref Vector<float> x5) =>
        WinogradTransform.Input(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5);
}
