using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>Tensors of more bytes than a span can have, in memory that only notes what is asked of it.</summary>
public sealed class LargeTensorTests : IDisposable
{
    private const int Elements = (1 << 29) + 3;

    private readonly Device _device = Device.Open("cpu");

    [Fact]
    public void Are_copied_without_a_gap_or_an_overlap()
    {
        using var memory = new NotedMemory(_device);
        var tensor = new Tensor(memory, Offset: 5, Elements, new Shape(1, 1, 1, Elements));
        // Never touched, so that it takes addresses and no memory.
        float[] host = GC.AllocateUninitializedArray<float>(Elements);
        tensor.Upload<float>(host);
        tensor.Download<float>(host);
        Assert.Equal(memory.Written, memory.Read);
        long next = 5 * sizeof(float);
        Assert.All(memory.Read, piece =>
        {
            Assert.Equal(next, piece.Offset);
            next += piece.Length;
        });
        Assert.Equal((5L + Elements) * sizeof(float), next);
    }

    public void Dispose() => _device.Dispose();

    private sealed class NotedMemory(Device device) : DeviceMemory(device, Elements + 5)
    {
        public List<(long Offset, int Length)> Written { get; } = [];

        public List<(long Offset, int Length)> Read { get; } = [];

        private protected override void UploadCore(ReadOnlySpan<byte> source, long byteOffset) => Written.Add((byteOffset, source.Length));

        private protected override void DownloadCore(Span<byte> destination, long byteOffset) => Read.Add((byteOffset, destination.Length));

        private protected override void ClearCore()
        {
        }

        private protected override void Dispose(bool disposing)
        {
        }
    }
}
