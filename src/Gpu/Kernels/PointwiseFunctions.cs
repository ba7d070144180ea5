namespace SpGpu.Gpu.Kernels;

/// <summary>A function of one float.</summary>
internal interface IUnary
{
    static abstract float Of(float x);
}

/// <summary>A function of two floats.</summary>
internal interface IBinary
{
    static abstract float Of(float a, float b);
}

internal readonly struct Same : IUnary
{
    public static float Of(float x) => x;
}

internal readonly struct Rectified : IUnary
{
    public static float Of(float x) => KernelMath.Relu(x);
}

internal readonly struct Logistic : IUnary
{
    public static float Of(float x) => KernelMath.Sigmoid(x);
}

internal readonly struct Sum : IBinary
{
    public static float Of(float a, float b) => a + b;
}

internal readonly struct Product : IBinary
{
    public static float Of(float a, float b) => a * b;
}

/// <summary>The gradient of relu: a is that of its result, b the result.</summary>
internal readonly struct RectifiedGradient : IBinary
{
    public static float Of(float a, float b) => b > 0f ? a : 0f;
}

/// <summary>The gradient of the sigmoid: a is that of its result, b the result.</summary>
internal readonly struct LogisticGradient : IBinary
{
    public static float Of(float a, float b) => a * b * (1f - b);
}
