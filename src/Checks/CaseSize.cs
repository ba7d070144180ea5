namespace SpGpu.Checks;

/// <summary>How much work an <see cref="OperatorCase"/> is, which decides where it is run.</summary>
public enum CaseSize
{
    /// <summary>A few thousand multiply-adds: also for ILGPU's CPU accelerator, which is slow.</summary>
    Tiny,

    /// <summary>Every other case of the correctness tests: sizes around group and vector limits.</summary>
    Small,

    /// <summary>
    /// A layer of SPNet-50 on one 480x480 image, in training on two of 225x225, for benchmarks; a check samples its
    /// outputs.
    /// </summary>
    Large,
}
