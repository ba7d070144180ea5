using System.Runtime.InteropServices;
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
            bool isFloat = @case.Specification.OutputType == DataType.Float32;
            byte[][][] results = [.. _devices.Select(device => Results(device, @case, data))];
            Assert.True(results.All(result => result.Zip(results[0]).All(pair => AreSame(pair.First, pair.Second, isFloat))), @case.Name);
        }
    }

    public void Dispose() => Array.ForEach(_devices, device => device.Dispose());

    private static byte[][] Results(Device device, OperatorCase @case, CaseData data)
    {
        using var prepared = new PreparedCase(device, @case, data);
        prepared.Run();
        return prepared.Collect(out _);
    }

    /// <summary>
    /// The same bits. One NaN is as good as another: which of two an operation hands on depends on the order of its operands,
    /// which the runtime may change when it compiles a method that runs often anew.
    /// </summary>
    private static bool AreSame(byte[] a, byte[] b, bool isFloat) =>
        a.AsSpan().SequenceEqual(b)
        || (isFloat && AreSameButForNaN(MemoryMarshal.Cast<byte, int>(a), MemoryMarshal.Cast<byte, int>(b)));

    private static bool AreSameButForNaN(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && !(float.IsNaN(BitConverter.Int32BitsToSingle(a[i])) && float.IsNaN(BitConverter.Int32BitsToSingle(b[i]))))
                return false;
        }
        return true;
    }
}
