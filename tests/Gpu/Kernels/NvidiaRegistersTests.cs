using System.Collections.Concurrent;
using System.Globalization;
using ILGPU.Runtime.Cuda;
using SpGpu.Common.Tests;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>
/// No kernel spills on NVIDIA's GPUs, and the registers of each are what a table here says, so that a change of them is seen in
/// review. Kernels are compiled without the bounds that a launch gives them, each in a context of its own.
/// </summary>
public sealed class NvidiaRegistersTests
{
    /// <summary>Set to write the table anew.</summary>
    private const string Update = "SPGPU_UPDATE_REGISTERS";
    private const string Table = "tests/Gpu/Kernels/nvidia-registers.tsv";

    /// <summary>A100, RTX 30, RTX 40, H100.</summary>
    private static readonly string[] _architectures = ["sm_80", "sm_86", "sm_89", "sm_90"];

    [Fact]
    public void No_kernel_spills_and_registers_are_those_of_the_table()
    {
        PtxAssembler.SkipIfAbsent();
        var lines = new ConcurrentDictionary<string, string>();
        var spilling = new ConcurrentBag<string>();
        Parallel.ForEach(KernelCatalog.All, kernel =>
        {
            string ptx = KernelText.Ptx(kernel, CudaArchitecture.SM_80);
            NvidiaResources[] resources = [.. _architectures.Select(architecture => PtxAssembler.Assemble(ptx, architecture))];
            if (resources.Any(found => found.Stack + found.Spills > 0))
                spilling.Add($"{kernel.Name}: {string.Join(", ", resources.AsEnumerable())}");
            lines[kernel.Name] = string.Join('\t', [kernel.Name, resources[0].Shared.ToString(CultureInfo.InvariantCulture),
                .. resources.Select(found => found.Registers.ToString(CultureInfo.InvariantCulture))]);
        });
        Assert.Empty(spilling);
        string[] actual = [string.Join('\t', ["kernel", "shared", .. _architectures]), .. lines.Values.Order(StringComparer.Ordinal)];
        string file = SourceTree.PathOf(Table);
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 })
            File.WriteAllText(file, string.Join('\n', actual) + "\n");
        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        IEnumerable<string> differences =
            expected.Except(actual).Select(line => $"- {line}").Concat(actual.Except(expected).Select(line => $"+ {line}"));
        Assert.True(!differences.Any(), $"registers are not those of {Table}; if they are meant to change, run this test with {Update}=1, "
            + $"which writes the table anew, and commit it:\n{string.Join('\n', differences)}");
    }
}
