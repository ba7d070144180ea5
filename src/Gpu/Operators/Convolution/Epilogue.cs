namespace SpGpu.Gpu;

/// <summary>
/// What a convolution does to its sums before it stores them, in this order: bias (always), residual,
/// relu or sigmoid, multiply.
/// </summary>
[Flags]
public enum Epilogue
{
    /// <summary>Only the bias is added.</summary>
    None = 0,

    /// <summary>A tensor of the output's shape is added.</summary>
    Residual = 1,

    /// <summary>max(x, 0).</summary>
    Relu = 2,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid = 4,

    /// <summary>The result is multiplied by a tensor of the output's shape.</summary>
    Multiply = 8,
}
