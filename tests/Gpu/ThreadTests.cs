using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>The number of threads of the processor changes no bit of any result.</summary>
public sealed class ThreadTests : IDisposable
{
    private readonly Device[] _devices = [.. Enumerable.Range(1, 4).Select(threads => Device.Open("cpu", new() { Threads = threads }))];

    [Fact]
    public void Up_to_four_threads_give_the_same_bits()
    {
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small).Concat(WinogradTests.Training))
        {
            var data = new CaseData(@case);
            byte[][][] results = [.. _devices.Select(device => Results(device, @case, data))];
            Assert.True(results.All(result => result.Zip(results[0]).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))),
                @case.Name);
        }
    }

    public void Dispose() => Array.ForEach(_devices, device => device.Dispose());

    private static byte[][] Results(Device device, OperatorCase @case, CaseData data)
    {
        using var prepared = new PreparedCase(device, @case, data);
        prepared.Run();
        return prepared.Collect(out _);
    }
}
