namespace SpGpu.PtxMachine.Execution;

/// <summary>A kind of memory: where an address of it lies, once the access has been looked at.</summary>
internal unsafe interface ISpace
{
    static abstract byte* Read(Warp warp, int lane, ulong address, int size);

    static abstract byte* Write(Warp warp, int lane, ulong address, int size);
}

internal readonly unsafe struct GlobalSpace : ISpace
{
    public static byte* Read(Warp warp, int lane, ulong address, int size) => warp.Group.Launch.Memory.Read(warp, lane, address, size);

    public static byte* Write(Warp warp, int lane, ulong address, int size) => warp.Group.Launch.Memory.Write(warp, lane, address, size);
}

internal readonly unsafe struct SharedSpace : ISpace
{
    public static byte* Read(Warp warp, int lane, ulong address, int size) => warp.Group.Shared.Read(warp, lane, address, size);

    public static byte* Write(Warp warp, int lane, ulong address, int size) => warp.Group.Shared.Write(warp, lane, address, size);
}

internal readonly unsafe struct LocalSpace : ISpace
{
    public static byte* Read(Warp warp, int lane, ulong address, int size) => warp.Local(lane, address, size);

    public static byte* Write(Warp warp, int lane, ulong address, int size) => warp.Local(lane, address, size);
}
