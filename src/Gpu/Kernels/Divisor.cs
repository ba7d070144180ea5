using System.Numerics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Division of non-negative integers by a number known when the operator is prepared, as a multiplication and a shift:
/// kernels use no integer division (it is slow, and by constant powers of two ILGPU gets it wrong).
/// With l = ceil(log2 d) and m = ceil(2^(31+l) / d), floor(i / d) = (i * m) >> (31 + l) for all 0 &lt;= i &lt; 2^31.
/// </summary>
internal readonly struct Divisor
{
    private readonly uint _multiplier;
    private readonly int _shift;

    /// <summary>The number that is divided by.</summary>
    public readonly int Value;

    public Divisor(int value)
    {
        int log = 32 - BitOperations.LeadingZeroCount((uint)value - 1);
        Value = value;
        _shift = 31 + log;
        _multiplier = (uint)(((1UL << _shift) + (uint)value - 1) / (uint)value);
    }

    /// <summary>floor(index / value) for an index that is not negative.</summary>
    public int Quotient(int index) => (int)(((ulong)(uint)index * _multiplier) >> _shift);
}
