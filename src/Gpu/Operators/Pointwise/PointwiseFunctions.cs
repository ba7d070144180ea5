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

/// <summary>The functions of <see cref="UnaryMap"/> and <see cref="BinaryMap"/>.</summary>
internal static class PointwiseFunctions
{
    internal readonly struct Copy : IUnary
    {
        public static float Of(float x) => x;
    }

    internal readonly struct Relu : IUnary
    {
        public static float Of(float x) => KernelMath.Relu(x);
    }

    internal readonly struct Sigmoid : IUnary
    {
        public static float Of(float x) => KernelMath.Sigmoid(x);
    }

    internal readonly struct Gelu : IUnary
    {
        public static float Of(float x) => x * NormalDistribution.Below(x, NormalDistribution.Power(x));
    }

    internal readonly struct Add : IBinary
    {
        public static float Of(float a, float b) => a + b;
    }

    internal readonly struct Multiply : IBinary
    {
        public static float Of(float a, float b) => a * b;
    }

    /// <summary>The gradient of relu: a is that of its result, b the result.</summary>
    internal readonly struct ReluGradient : IBinary
    {
        public static float Of(float a, float b) => b > 0f ? a : 0f;
    }

    /// <summary>The gradient of the sigmoid: a is that of its result, b the result.</summary>
    internal readonly struct SigmoidGradient : IBinary
    {
        public static float Of(float a, float b) => a * b * (1f - b);
    }

    /// <summary>The gradient of gelu: a is that of its result, b what it was taken of.</summary>
    internal readonly struct GeluGradient : IBinary
    {
        public static float Of(float a, float b)
        {
            float power = NormalDistribution.Power(b);
            return a * (NormalDistribution.Below(b, power) + b * power * GeluTerms.Density);
        }
    }
}
