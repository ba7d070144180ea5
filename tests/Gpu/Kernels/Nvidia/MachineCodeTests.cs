using System.Globalization;
using ILGPU.Runtime.Cuda;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>
/// No kernel spills on NVIDIA's GPUs, and what each takes and what its main loop became is what tables here say, so that a change
/// of them is seen in review. Each kernel is compiled in a context of its own.
/// </summary>
public sealed class MachineCodeTests(MachineCode code) : IClassFixture<MachineCode>
{
    private static readonly string[] _resources =
    [
        "kernel", "threads", "shared", .. NvidiaArchitecture.All.Select(architecture => architecture.Name),
        .. NvidiaArchitecture.All.Select(architecture => $"groups {architecture.Name}"),
    ];

    private static readonly string[] _loops =
    [
        "kernel", "instructions", "cycles", "FFMA", "FFMA %", "HMMA", "global loads", "bytes a load", "in flight", "shared loads",
        "bytes a load", "in flight",
    ];

    [Fact]
    public void No_kernel_spills()
    {
        NvidiaTools.SkipIfAbsent();
        IEnumerable<string> spilling =
            from kernel in KernelCatalog.All
            where code.Resources(kernel).Any(found => found.Stack + found.Spills > 0)
            select $"{kernel.Name}: {string.Join(", ", code.Resources(kernel))}";
        Assert.Empty(spilling);
    }

    [Fact]
    public void A_tile_in_memory_and_spilled_registers_are_found()
    {
        NvidiaTools.SkipIfAbsent();
        Assert.True(Assemble(KernelText.Ptx(PlantedKernels.LocalArray, CudaArchitecture.SM_80)).Stack > 0);
        // So many groups leave a thread 64 registers, and it has as many sums.
        KernelVariant kernel = KernelCatalog.Find("TiledConvolutionKernel.Run<BlockTile64, ThreadTile8, Plane>");
        string ptx = KernelText.Ptx(kernel, CudaArchitecture.SM_80);
        Assert.True(Assemble(ptx.Replace(".maxntid", ".minnctapersm 16\n.maxntid", StringComparison.Ordinal)).Spills > 0);
    }

    [Fact]
    public void Registers_are_those_of_the_table()
    {
        NvidiaTools.SkipIfAbsent();
        Table.Check("registers.tsv", _resources, KernelCatalog.All.Select(kernel =>
        {
            NvidiaResources[] resources = [.. code.Resources(kernel)];
            int threads = KernelBounds.Of(kernel).Threads;
            return (string[])[kernel.Name, Text(threads), Text(resources[0].Shared), .. resources.Select(found => Text(found.Registers)),
                .. NvidiaArchitecture.All.Zip(resources, (architecture, found) => Text(architecture.Resident(threads, found)))];
        }));
    }

    /// <summary>As many groups of a convolution's tile fit on a multiprocessor as its tuning reckons with.</summary>
    [Fact]
    public void Tiles_fit_as_the_tuning_says()
    {
        NvidiaTools.SkipIfAbsent();
        foreach (ConvolutionTile tile in ConvolutionTile.All)
        {
            string types = (tile.Side, tile.Threads, tile.Order) switch
            {
                (64, 128, SumOrder.TensorCores) => "BlockTile64By128, NarrowTensorTile",
                (64, 64, SumOrder.TensorCores) => "BlockTile64, TensorTile",
                (64, 64, _) => "BlockTile64, ThreadTile8",
                (128, 256, _) => "BlockTile128, ThreadTile8",
                _ => "BlockTile32, ThreadTile4",
            };
            IEnumerable<int> groups =
                from kernel in KernelCatalog.All
                where kernel.Name.Contains($"ConvolutionKernel.Run<{types}, ", StringComparison.Ordinal)
                from fit in NvidiaArchitecture.All.Zip(code.Resources(kernel), (architecture, found) =>
                    architecture.Resident(tile.Threads, found))
                select fit;
            Assert.True(groups.Min() == tile.Resident, $"{tile}: {groups.Min()} groups fit");
        }
    }

    [Fact]
    public void Loops_are_those_of_the_table()
    {
        NvidiaTools.SkipIfAbsent();
        Table.Check("loops-sm_90.tsv", _loops, KernelCatalog.All.Select(kernel => MachineLoop.OfMost(code.Listing(kernel)) is { } loop
            ? [kernel.Name, Text(loop.Instructions), Text(loop.Cycles), Text(loop.FusedMultiplyAdds),
                (100.0 * loop.FusedMultiplyAdds / loop.Instructions).ToString("F1", CultureInfo.InvariantCulture),
                Text(loop.TensorProducts), .. Loads(loop.GlobalLoads, loop.GlobalLoadsInFlight),
                .. Loads(loop.SharedLoads, loop.SharedLoadsInFlight)]
            : (string[])[kernel.Name, .. Enumerable.Repeat("-", _loops.Length - 1)]));
    }

    private static NvidiaResources Assemble(string ptx)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            return Assert.Single(NvidiaTools.Assemble(ptx, "sm_80", Path.Combine(folder, "image"))).Value;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>How many, how wide they are on average, how many are on their way at once.</summary>
    private static string[] Loads(IEnumerable<MachineInstruction> loads, int inFlight)
    {
        int[] bytes = [.. loads.Select(load => load.Bytes)];
        return bytes.Length == 0
            ? ["0", "-", "-"]
            : [Text(bytes.Length), bytes.Average().ToString("0.#", CultureInfo.InvariantCulture), Text(inFlight)];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
