using System.Runtime.InteropServices;
using SpGpu.Checks;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Edge;

/// <summary>
/// Every case with tensors that end where their memory does. A device that checks accesses reports one that reads beyond,
/// even where it throws the number away; on Linux the cpu dies of it, and its last words name the operator.
/// </summary>
public sealed class EdgeTests(DeviceFixture fixture)
{
    private const int NoSuchFile = 2, BadAddress = 14;

    private static readonly Dictionary<string, OperatorCase> _cases = OperatorCases.UpTo(DeviceFixture.Most)
        .Where(@case => @case is { InputPlacement: Placement.Contiguous, OutputPlacement: Placement.Contiguous })
        .ToDictionary(@case => @case.Name);

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_read_beyond_the_end(string name)
    {
        using Device? edge = fixture.Device is SimdDevice cpu && OperatingSystem.IsLinux() ? new EdgeDevice(cpu) : null;
        CheckResult result = OperatorCheck.Run(
            edge ?? fixture.Device, _cases[name] with { InputPlacement = Placement.Edge, OutputPlacement = Placement.Edge });
        Assert.True(result.Passed, $"{result.Variant}: {result.Message}");
    }

    [Fact]
    public unsafe void Nobody_reads_beyond_the_end_of_the_cpu_s_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pages are protected on Linux alone");
        using var cpu = (SimdDevice)Device.Open("cpu");
        using var device = new EdgeDevice(cpu);
        using var memory = (SimdMemory)device.Allocate(64);
        memory.Clear();
        // The system reads names itself, and answers where a program would die: an empty one is no file, and the next no name.
        Assert.Equal(NoSuchFile, Error((byte*)(memory.Base + 64) - 1));
        Assert.Equal(BadAddress, Error((byte*)(memory.Base + 64)));
    }

    private static unsafe int Error(byte* name) => Access(name, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [DllImport("libc", EntryPoint = "access", SetLastError = true)]
    private static extern unsafe int Access(byte* name, int mode);
}
