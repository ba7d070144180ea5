using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>What a convolution does to its sums on store.</summary>
internal static unsafe class EpilogueMath
{
    /// <summary>Residual, relu or sigmoid, factor.</summary>
    /// <param name="epilogue">What is done.</param>
    /// <param name="value">The sums with their bias.</param>
    /// <param name="residual">What is added, if anything.</param>
    /// <param name="factor">What is multiplied by, if anything.</param>
    /// <param name="count">How many elements of residual and factor there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Apply(Epilogue epilogue, Vector<float> value, float* residual, float* factor, int count)
    {
        if ((epilogue & Epilogue.Residual) != 0)
            value += SimdMath.Load(residual, count);
        if ((epilogue & Epilogue.Relu) != 0)
            value = SimdMath.Relu(value);
        else if ((epilogue & Epilogue.Sigmoid) != 0)
            value = SimdMath.Sigmoid(value);
        return (epilogue & Epilogue.Multiply) != 0 ? value * SimdMath.Load(factor, count) : value;
    }
}
