using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Memory;
using SpGpu.PtxMachine.Program;
using SpGpu.PtxMachine.Text;

namespace SpGpu.CudaDriver.Tests;

/// <summary>
/// A kernel with registers and addresses that most tests want: %rd1 the block of memory that it is given, %r1 the thread and
/// %r2 the group, %rd2 the thread's word of the block, %rd3 its word of 1024 bytes of shared memory. The first line of a body is
/// line 20.
/// </summary>
internal static unsafe class TestKernel
{
    public const int Bytes = 4096, FirstLine = 20;

    /// <summary>Runs a body on groups of threads; the words of the block.</summary>
    public static uint[] Run(string body, uint threads = 1, uint groups = 1, MachineOptions? options = null, uint fill = 0) =>
        Launch(Read(body), new(groups, 1, 1), new(threads, 1, 1), options ?? new(), fill);

    public static Kernel Read(string body) => Kernel.Read($$"""
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry Kernel(
            .param .b64 block
        )
        {
            .shared .align 16 .b8 buffer[1024];
            .reg .pred %p<8>;
            .reg .b32 %r<32>;
            .reg .b64 %rd<16>;
            .reg .f32 %f<32>;
            ld.param.b64 %rd1, [block];
            mov.b32 %r1, %tid.x;
            mov.b32 %r2, %ctaid.x;
            mul.wide.u32 %rd2, %r1, 4;
            mov.b64 %rd3, buffer;
            add.u64 %rd3, %rd3, %rd2;
            add.u64 %rd2, %rd1, %rd2;
        {{body}}
            ret;
        }
        """.ReplaceLineEndings("\n")).Single();

    /// <summary>What goes wrong with a body.</summary>
    public static Fault Fault(string body, uint threads = 32, uint groups = 1, MachineOptions? options = null)
    {
        try
        {
            Run(body, threads, groups, options);
        }
        catch (Fault fault)
        {
            return fault;
        }
        throw new InvalidOperationException("nothing went wrong");
    }

    public static uint[] Launch(
        Kernel kernel, Size3 groups, Size3 threads, MachineOptions options, uint fill = 0, int dynamicShared = 0,
        IReadOnlyList<Extent>? tensors = null, KernelCounts? counts = null)
    {
        using var memory = new DeviceMemory(options.Races);
        IntPtr block = memory.Allocate(Bytes);
        Extent[]? placed = tensors?.Select(tensor => tensor with { Start = tensor.Start + (ulong)block }).ToArray();
        var words = new Span<uint>((void*)block, Bytes / sizeof(uint));
        words.Fill(fill);
        memory.Define((ulong)block, Bytes);
        byte[] parameters = MemoryMarshal.AsBytes<nint>(new nint[] { block }).ToArray();
        new Launch(kernel, groups, threads, parameters, dynamicShared, memory, options)
        {
            Tensors = placed,
            Counts = counts,
            Undefined = placed?.Where(tensor => tensor.IsUndefined).ToArray() ?? [],
        }.Run();
        return words.ToArray();
    }
}
