namespace SpGpu.Models.Weights;

/// <summary>The number types of weights files, called as safetensors calls them.</summary>
internal enum ElementType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BOOL,
}

internal static class ElementTypes
{
    /// <summary>The bytes that one element takes in the file.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.I64 or ElementType.U64 => 8,
        ElementType.F32 or ElementType.I32 or ElementType.U32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 or ElementType.U16 => 2,
        _ => 1,
    };

    /// <summary>The type that <see cref="ElementReader"/> makes of it in memory.</summary>
    public static ElementType InMemory(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.F32 or ElementType.F16 or ElementType.BF16 => ElementType.F32,
        ElementType.U8 or ElementType.BOOL => ElementType.U8,
        _ => ElementType.I64,
    };
}
