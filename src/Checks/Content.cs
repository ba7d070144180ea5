namespace SpGpu.Checks;

/// <summary>What the inputs of an <see cref="OperatorCase"/> hold.</summary>
public enum Content
{
    /// <summary>
    /// Floats between -2 and 2; bytes between 0 and 255; labels below the number of classes, one in eight ignored;
    /// variances, probabilities, class weights and learning rates within their ranges.
    /// </summary>
    Uniform,

    /// <summary>As <see cref="Uniform"/>, but every odd channel repeats the even one before it: the largest is never unique.</summary>
    Ties,

    /// <summary>As <see cref="Uniform"/>, with NaN at some elements and at some pixels in all channels.</summary>
    NaN,

    /// <summary>Floats (not such as have a range of their own) between -120 and 120, where the exponential of float32 overflows.</summary>
    Wide,

    /// <summary>Whole numbers from -2 to 2: windows whose largest element is not unique, sums that are exactly zero.</summary>
    Integers,

    /// <summary>Little variance: floats within 0.1 of 100 where it is computed; where it is an input, at most eps.</summary>
    Narrow,

    /// <summary>As <see cref="Uniform"/>; every label is the ignored one.</summary>
    Ignored,

    /// <summary>As <see cref="Uniform"/>; labels of any value, also such as are no class and not the ignored one.</summary>
    Strays,

    /// <summary>As <see cref="Uniform"/>; every class weight is zero.</summary>
    Weightless,
}
