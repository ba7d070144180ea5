using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What a kernel takes of an NVIDIA GPU: registers a thread, bytes of stack and of spilled registers, shared bytes.</summary>
internal sealed record NvidiaResources(int Registers, int Stack, int Spills, int Shared);

/// <summary>Assembles PTX with NVIDIA's ptxas, which needs no device and says what each kernel takes.</summary>
internal static partial class PtxAssembler
{
    /// <summary>Names the folder of ptxas, where it is not on the path.</summary>
    public const string Folder = "SPGPU_PTXAS";

    private static readonly string? _program = (Environment.GetEnvironmentVariable(Folder) + Path.PathSeparator
        + Environment.GetEnvironmentVariable("PATH")).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(path => Path.Combine(path, "ptxas")).FirstOrDefault(File.Exists);

    /// <summary>A machine without the assembler skips the check, visibly.</summary>
    public static void SkipIfAbsent() =>
        Assert.SkipWhen(_program is null, $"ptxas is neither on the path nor in a folder that {Folder} names");

    public static NvidiaResources Assemble(string ptx, string architecture)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ptx);
            string[] arguments = ["-v", "-O3", $"-arch={architecture}", file, "-o", "/dev/null"];
            using Process process = Process.Start(new ProcessStartInfo(_program!, arguments)
            {
                RedirectStandardError = true,
            })!;
            string report = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, report);
            Match used = Assert.Single(Used().Matches(report));
            // Functions have frames of their own.
            return new(Number(used.Groups[1]), Frames().Matches(report).Sum(frame => Number(frame.Groups[1])),
                Frames().Matches(report).Sum(frame => Number(frame.Groups[2]) + Number(frame.Groups[3])), Number(used.Groups[2]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Used (\d+) registers(?:, used \d+ barriers)?(?:, (\d+) bytes smem)?")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")]
    private static partial Regex Frames();
}
