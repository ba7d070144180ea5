using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Four neighbouring floats, loaded and stored by one 16-byte instruction. Offsets are given in floats and must be
/// multiples of four; blocks of device memory start at multiples of 256 bytes.
/// </summary>
internal struct Float4
{
    public float X, Y, Z, W;

    public Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Float4 operator -(Float4 a, Float4 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z, a.W - b.W);

    public static Float4 operator *(Float4 a, Float4 b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    /// <summary>v * factor + term, rounded once.</summary>
    public static Float4 MultiplyAdd(Float4 v, float factor, float term) => new(
        KernelMath.MultiplyAdd(v.X, factor, term), KernelMath.MultiplyAdd(v.Y, factor, term),
        KernelMath.MultiplyAdd(v.Z, factor, term), KernelMath.MultiplyAdd(v.W, factor, term));

    /// <summary>The same value four times.</summary>
    public static Float4 All(float value) => new(value, value, value, value);

    /// <summary><see cref="KernelMath.Relu"/> of each.</summary>
    public static Float4 Relu(Float4 v) => new(KernelMath.Relu(v.X), KernelMath.Relu(v.Y), KernelMath.Relu(v.Z), KernelMath.Relu(v.W));

    /// <summary><see cref="KernelMath.Max(float, float)"/> of each two.</summary>
    public static Float4 Max(Float4 a, Float4 b) =>
        new(KernelMath.Max(a.X, b.X), KernelMath.Max(a.Y, b.Y), KernelMath.Max(a.Z, b.Z), KernelMath.Max(a.W, b.W));

    /// <summary><see cref="KernelMath.Sigmoid"/> of each.</summary>
    public static Float4 Sigmoid(Float4 v) =>
        new(KernelMath.Sigmoid(v.X), KernelMath.Sigmoid(v.Y), KernelMath.Sigmoid(v.Z), KernelMath.Sigmoid(v.W));

    /// <summary>The sum of the four.</summary>
    public readonly float Total() => X + Y + (Z + W);

    /// <summary>Adds factor * value, rounded once.</summary>
    public void Add(float factor, Float4 value)
    {
        X = KernelMath.MultiplyAdd(factor, value.X, X);
        Y = KernelMath.MultiplyAdd(factor, value.Y, Y);
        Z = KernelMath.MultiplyAdd(factor, value.Z, Z);
        W = KernelMath.MultiplyAdd(factor, value.W, W);
    }

    /// <summary>The four floats at an offset that is a multiple of four.</summary>
    public static Float4 Load(ArrayView<float> view, int offset) => view.Cast<Float4>()[offset >> 2];

    /// <summary>Stores four floats at an offset that is a multiple of four.</summary>
    public static void Store(ArrayView<float> view, int offset, Float4 value) => view.Cast<Float4>()[offset >> 2] = value;

    /// <summary>Stores the first 1 to 3 floats, or all four, one by one at any offset.</summary>
    public static void StoreFirst(ArrayView<float> view, int offset, Float4 value, int count)
    {
        view[offset] = value.X;
        if (count > 1)
            view[offset + 1] = value.Y;
        if (count > 2)
            view[offset + 2] = value.Z;
        if (count > 3)
            view[offset + 3] = value.W;
    }
}
