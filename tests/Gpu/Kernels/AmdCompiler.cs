using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What a kernel takes of an AMD GPU: registers, bytes a lane in memory, spilled registers, shared bytes.</summary>
internal sealed record AmdResources(int Sgprs, int Vgprs, int Scratch, int SgprSpills, int VgprSpills, int Waves, int Lds);

/// <summary>Compiles OpenCL C for AMD GPUs with clang, which needs no device and says what each kernel takes.</summary>
internal static partial class AmdCompiler
{
    private const string Clang = "clang-19";
    private const string Library = "/usr/lib/clc";

    private static readonly bool _isThere = Directory.Exists(Library)
        && Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, Clang)));

    /// <summary>A machine without the compiler skips the check, visibly; the one that builds releases must have it.</summary>
    public static void SkipIfAbsent()
    {
        if (_isThere)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI needs {Clang} and its libclc");
        Assert.Skip($"{Clang} and its libclc are not installed");
    }

    public static AmdResources Compile(string source, string target)
    {
        // The library gives the functions of OpenCL C their bodies, the barrier under its old name alone.
        string[] arguments =
        [
            "-x", "cl", "-cl-std=CL2.0", "-target", "amdgcn-mesa-mesa3d", $"-mcpu={target}", "-nogpulib",
            "-Dwork_group_barrier=barrier", "-Xclang", "-finclude-default-header",
            "-Xclang", "-mlink-builtin-bitcode", "-Xclang", $"{Library}/{target}-amdgcn-mesa-mesa3d.bc",
            "-O3", "-S", "-", "-o", "-", "-Rpass-analysis=kernel-resource-usage",
        ];
        using Process process = Process.Start(new ProcessStartInfo(Clang, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> assembly = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> report = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(source);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, report.Result);
        // A call that is left, of a function without a body, makes the figures meaningless.
        Assert.DoesNotContain("s_swappc", assembly.Result, StringComparison.Ordinal);
        Dictionary<string, int> values = Remark().Matches(report.Result)
            .ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return new(values["SGPRs"], values["VGPRs"], values["ScratchSize [bytes/lane]"], values["SGPRs Spill"], values["VGPRs Spill"],
            values["Occupancy [waves/SIMD]"], values["LDS Size [bytes/block]"]);
    }

    [GeneratedRegex(@"remark: +(?:<stdin>:\S+ +)?([A-Z][^:\n]*): (\d+) \[-Rpass")]
    private static partial Regex Remark();
}
