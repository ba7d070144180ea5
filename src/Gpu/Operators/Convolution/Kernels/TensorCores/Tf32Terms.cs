using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Four floats as sums of two TF32 numbers, of 11 bits each: what the first rounds off, but for the last two bits or so, is
/// the second, whose own lower bits the tensor cores ignore. Infinity becomes NaN.
/// </summary>
internal readonly struct Tf32Terms(Float4 high, Float4 low)
{
    private const uint Half = 1u << 12;

    public readonly Float4 High = high, Low = low;

    public static Tf32Terms Of(Float4 v)
    {
        Float4 high = new(Round(v.X), Round(v.Y), Round(v.Z), Round(v.W));
        return new(high, v - high);
    }

    /// <summary>The first two of these, then of others.</summary>
    public Tf32Terms First(Tf32Terms others) =>
        new(new(High.X, High.Y, others.High.X, others.High.Y), new(Low.X, Low.Y, others.Low.X, others.Low.Y));

    /// <summary>The last two of these, then of others.</summary>
    public Tf32Terms Second(Tf32Terms others) =>
        new(new(High.Z, High.W, others.High.Z, others.High.W), new(Low.Z, Low.W, others.Low.Z, others.Low.W));

    /// <summary>The nearest number of 11 bits.</summary>
    private static float Round(float x) => Interop.IntAsFloat((Interop.FloatAsInt(x) + Half) & ~(2 * Half - 1));
}
