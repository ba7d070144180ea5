namespace SpGpu.Gpu.Simd;

/// <summary>Unmanaged memory aligned to 64 bytes, so that a vector load never crosses a cache line.</summary>
internal sealed unsafe class SimdMemory : DeviceMemory
{
    private readonly bool _isOwn;
    private float* _base;

    private SimdMemory(Device device, int length, float* memory, bool isOwn) : base(device, length)
    {
        _base = memory;
        _isOwn = isOwn;
    }

    /// <summary>The first element.</summary>
    public float* Base => _base is not null ? _base : throw new ObjectDisposedException(nameof(DeviceMemory));

    internal override Span<float> OnHost => new(Base, Length);

    /// <summary>The first element of a float tensor.</summary>
    public static float* Floats(in Tensor tensor) => Of(tensor).Base + tensor.Offset;

    /// <summary>The first element of the shared workspace.</summary>
    public static float* Floats(Workspace workspace) => ((SimdMemory)workspace.Memory).Base;

    /// <summary>The first element of a byte tensor.</summary>
    public static byte* Bytes(in Tensor tensor) => (byte*)Of(tensor).Base + tensor.Offset;

    /// <summary>A block; null if there is not enough memory.</summary>
    public static SimdMemory? TryAllocate(Device device, int length)
    {
        float* memory = LargePages.TryAllocate(BytesOf(length));
        return memory is null ? null : new SimdMemory(device, length, memory, isOwn: true);
    }

    /// <summary>Memory that the caller gives back, after all that uses it.</summary>
    public static SimdMemory Over(Device device, int length, float* memory) => new(device, length, memory, isOwn: false);

    private protected override void UploadCore(ReadOnlySpan<byte> source, long byteOffset) =>
        source.CopyTo(new Span<byte>((byte*)Base + byteOffset, source.Length));

    private protected override void DownloadCore(Span<byte> destination, long byteOffset) =>
        new ReadOnlySpan<byte>((byte*)Base + byteOffset, destination.Length).CopyTo(destination);

    private protected override void ClearCore() => new Span<float>(Base, Length).Clear();

    private protected override void Dispose(bool disposing)
    {
        if (_isOwn)
            LargePages.Free(_base, BytesOf(Length));
        _base = null;
    }

    ~SimdMemory()
    {
        Uncount();
        Dispose(false);
    }

    private static nuint BytesOf(int length) => (nuint)Math.Max(length, 16) * sizeof(float);

    private static SimdMemory Of(in Tensor tensor) => tensor.Memory as SimdMemory
        ?? throw new DeviceException("a tensor of another device was given to the cpu; copy it through the host first");
}
