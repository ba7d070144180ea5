using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>What becomes of one line of pixels of a tile: 6 numbers.</summary>
internal interface ITileTransform
{
    /// <summary>Pixels of the line.</summary>
    static abstract int Taps { get; }

    /// <summary>Turns the first <see cref="Taps"/> into 6.</summary>
    static abstract void Apply(
        ref Vector<float> x0, ref Vector<float> x1, ref Vector<float> x2, ref Vector<float> x3, ref Vector<float> x4, ref Vector<float> x5);
}
