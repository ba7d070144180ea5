namespace SpGpu.Gpu;

/// <summary>What the elements of a tensor are.</summary>
public enum DataType
{
    /// <summary>32-bit floats, N,C,H,W with W innermost.</summary>
    Float32,

    /// <summary>
    /// Bytes. An image of three channels keeps its pixels together (N,H,W,C, as decoders deliver them);
    /// a label map has one channel.
    /// </summary>
    UInt8,
}
