using System.Runtime.InteropServices;
using SpGpu.CudaDriver.Tool;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Execution;
using Xunit;
using Path = System.IO.Path;

namespace SpGpu.CudaDriver.Tests;

/// <summary>y[i] = scale * x[i] for i below a count, from files.</summary>
public sealed class PtxRunTests : IDisposable
{
    private const string Text = """
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry Scale(.param .u64 x, .param .align 8 .b8 y[16], .param .f32 scale)
        {
            .reg .pred %p<2>;
            .reg .b32 %r<5>;
            .reg .f32 %f<4>;
            .reg .b64 %rd<6>;
            ld.param.u64 %rd1, [x];
            ld.param.u64 %rd2, [y];
            ld.param.u32 %r1, [y+8];
            ld.param.f32 %f1, [scale];
            mov.u32 %r2, %ctaid.x;
            mov.u32 %r3, %ntid.x;
            mov.u32 %r4, %tid.x;
            mad.lo.s32 %r2, %r2, %r3, %r4;
            setp.ge.u32 %p1, %r2, %r1;
            @%p1 bra END;
            mul.wide.u32 %rd3, %r2, 4;
            add.u64 %rd4, %rd1, %rd3;
            add.u64 %rd5, %rd2, %rd3;
            ld.global.f32 %f2, [%rd4];
            mul.f32 %f3, %f2, %f1;
            st.global.f32 [%rd5], %f3;
        END:
            ret;
        }
        """;

    private static readonly float[] _x = [1f, -2f, 3f, 4.5f, 0f, 6f];
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public PtxRunTests()
    {
        File.WriteAllText(Path.Combine(_folder, "scale.ptx"), Text);
        File.WriteAllBytes(Path.Combine(_folder, "x.bin"), MemoryMarshal.AsBytes<float>(_x));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Runs_and_counts_and_writes()
    {
        KernelProfile profile = Run();
        Assert.Equal(("Scale", 1L, 6L), (profile.Kernel, profile.Launches, profile[InstructionKind.GlobalLoad].Threads));
        float[] y = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(_folder, "y.bin"))).ToArray();
        Assert.Equal([2f, -4f, 6f, 9f, 0f, 12f, 7f, 7f], y);
    }

    /// <summary>A change of the launch, and the report.</summary>
    [Theory]
    [InlineData("\"int32\": 6", "\"int32\": 7", FaultKind.OutOfBounds, "Scale, line 23 (ld.global.f32), group (1, 0, 0), thread (2, 0, 0)")]
    [InlineData("\"buffer\": \"x\"", "\"buffer\": \"x\", \"offset\": 2", FaultKind.Misaligned, "thread (0, 0, 0): 4 bytes at 0x")]
    [InlineData("\"fill\": 7", "\"readOnly\": true", FaultKind.InputWritten, "line 25 (st.global.f32)")]
    [InlineData("\"file\": \"x.bin\"", "\"bytes\": 24", FaultKind.UndefinedRead, "nothing was written to")]
    [InlineData("[4]", "[0]", FaultKind.LaunchLimit, "groups of (0, 1, 1) threads")]
    internal void Reports_what_goes_wrong_and_writes_nothing(string text, string other, FaultKind kind, string report)
    {
        Fault fault = Assert.Throws<Fault>(() => Run(text, other));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(report, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "y.bin")));
    }

    /// <summary>A change of the launch that makes no sense of it, and what is said.</summary>
    [Theory]
    [InlineData("\"grid\": [2]", "\"grid\": []", "grid has 0 numbers; give one to three")]
    [InlineData("\"grid\": [2]", "\"grid\": [-2]", "$.grid[0]")]
    [InlineData("\"grid\": [2],", "", "'grid'")]
    [InlineData("\"grid\": [2]", "\"gird\": [2]", "gird")]
    [InlineData("x.bin", "z.bin", "buffer x: Could not find file")]
    [InlineData("\"file\": \"x.bin\"", "\"file\": \"x.bin\", \"bytes\": 20", "buffer x of 20 bytes")]
    [InlineData("\"float32\": 2", "\"float64\": 2", "parameter 2 has 8 bytes; scale of Scale has 4")]
    [InlineData(", { \"float32\": 2 }", "", "2 parameters; Scale takes 3")]
    [InlineData("{ \"float32\": 2 }", "{ \"float32\": 2, \"int32\": 3 }", "a parameter is one of buffer,")]
    [InlineData("{ \"float32\": 2 }", "{ \"float\": 2 }", "'float'")]
    [InlineData("{ \"float32\": 2 }", "2", "parameters: ")]
    [InlineData("\"buffer\": \"x\"", "\"buffer\": \"z\"", "a parameter is buffer z; there are x, y")]
    [InlineData("\"kernel\": \"Scale\"", "\"kernel\": \"Shift\"", "there is no kernel Shift; it has Scale")]
    public void Says_what_makes_no_sense(string text, string other, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Run(text, other)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("mul.f32", "tanh.approx.f32", "scale.ptx: line 24: unknown instruction 'tanh.approx.f32'")]
    [InlineData(".version", "#include", "scale.ptx: line 1: ")]
    public void Says_what_it_does_not_know_of_the_text(string text, string other, string message)
    {
        File.WriteAllText(Path.Combine(_folder, "scale.ptx"), Text.Replace(text, other, StringComparison.Ordinal));
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Run()).Message, StringComparison.Ordinal);
    }

    private KernelProfile Run(string text = "", string other = "")
    {
        const string Launch = """
            {
              "kernel": "Scale", "grid": [2], "block": [4],
              "parameters": [{ "buffer": "x" }, [{ "buffer": "y" }, { "int32": 6 }, { "padding": 4 }], { "float32": 2 }],
              "buffers": {
                "x": { "file": "x.bin", "readOnly": true },
                "y": { "bytes": 32, "fill": 7, "output": "y.bin" }
              }
            }
            """;
        string launch = Path.Combine(_folder, "launch.json");
        Assert.Contains(text, Launch, StringComparison.Ordinal);
        File.WriteAllText(launch, text.Length == 0 ? Launch : Launch.Replace(text, other, StringComparison.Ordinal));
        return PtxRun.Run(Path.Combine(_folder, "scale.ptx"), launch, new());
    }
}
