namespace SpGpu.Checks;

/// <summary>Where the tensors of an <see cref="OperatorCase"/> lie in memory.</summary>
public enum Placement
{
    /// <summary>Images follow each other; the first starts at a multiple of 256 bytes.</summary>
    Contiguous,

    /// <summary>A slice of channels of a larger tensor: images are further apart than C * H * W.</summary>
    Slice,

    /// <summary>
    /// A slice that is also moved by 1, 2, 3 or 0 elements, in turn from the first input to the last output, so that
    /// vector loads are ruled out for some tensors and not for others.
    /// </summary>
    Misaligned,

    /// <summary>Images follow each other, and the block ends with the last: what is read beyond it is nobody's memory.</summary>
    Edge,
}
