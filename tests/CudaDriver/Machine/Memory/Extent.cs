namespace SpGpu.PtxMachine.Memory;

/// <summary>What a launch may do with a tensor that it was given.</summary>
internal enum Role
{
    /// <summary>It is read.</summary>
    Input,

    /// <summary>It is written; what it held before counts no more.</summary>
    Output,

    /// <summary>What it held before counts, and it is written.</summary>
    Updated,

    /// <summary>Room for what is made on the way; at first it holds nothing that counts.</summary>
    Scratch,
}

/// <summary>Where a tensor lies, as the export of the driver is told: pieces of so many bytes, a stride apart.</summary>
internal readonly record struct Extent(ulong Start, ulong Bytes, ulong Stride, uint Pieces, Role Role)
{
    /// <summary>Whether it holds nothing when its operator begins.</summary>
    public bool IsUndefined => Role is Role.Output or Role.Scratch;
}
