namespace SpGpu.Gpu.Checks;

/// <summary>What the inputs of an <see cref="OperatorCase"/> hold.</summary>
public enum Content
{
    /// <summary>Floats between -2 and 2; bytes between 0 and 255.</summary>
    Uniform,

    /// <summary>As <see cref="Uniform"/>, but every odd channel repeats the even one before it: the largest is never unique.</summary>
    Ties,

    /// <summary>As <see cref="Uniform"/>, with NaN at some elements and at some pixels in all channels.</summary>
    NaN,

    /// <summary>Floats between -120 and 120, where the exponential of float32 overflows.</summary>
    Wide,
}
