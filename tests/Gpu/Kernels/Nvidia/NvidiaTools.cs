using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>What a kernel takes of an NVIDIA GPU: registers a thread, bytes of stack and of spilled registers, shared bytes.</summary>
internal sealed record NvidiaResources(int Registers, int Stack, int Spills, int Shared);

/// <summary>
/// NVIDIA's assembler and disassembler, which need no device: ptxas says what each kernel takes, nvdisasm what was made of it.
/// </summary>
internal static partial class NvidiaTools
{
    /// <summary>Names the folder of the programs, where they are not on the path.</summary>
    public const string Folder = "SPGPU_PTXAS";

    private static readonly string? _assembler = Find("ptxas");
    private static readonly string? _disassembler = Find("nvdisasm");

    /// <summary>A machine without the programs skips the check, visibly.</summary>
    public static void SkipIfAbsent() => Assert.SkipWhen(_assembler is null || _disassembler is null,
        $"ptxas and nvdisasm are neither on the path nor in a folder that {Folder} names");

    /// <summary>Assembles a module into a file, and tells what each of its kernels takes.</summary>
    public static IReadOnlyDictionary<string, NvidiaResources> Assemble(string ptx, string architecture, string image)
    {
        string text = image + ".ptx";
        File.WriteAllText(text, ptx);
        string report = Run(_assembler!, "-v", "-O3", $"-arch={architecture}", text, "-o", image);
        var found = new Dictionary<string, NvidiaResources>();
        // A report begins with its kernel; functions that it calls have frames of their own.
        foreach (string part in report.Split("Compiling entry function '")[1..])
        {
            Match used = Used().Match(part);
            MatchCollection frames = Frames().Matches(part);
            found.Add(part[..part.IndexOf('\'')], new(Number(used.Groups[1]), frames.Sum(frame => Number(frame.Groups[1])),
                frames.Sum(frame => Number(frame.Groups[2]) + Number(frame.Groups[3])), Number(used.Groups[2])));
        }
        return found;
    }

    /// <summary>The machine code of an image, with its encoding.</summary>
    public static string Disassemble(string image) => Run(_disassembler!, "-ndf", "-c", "-hex", image);

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable(Folder) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"))
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => Path.Combine(path, program)).FirstOrDefault(File.Exists);

    /// <summary>What a program printed; ptxas reports where errors go.</summary>
    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output + errors.Result;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Used (\d+) registers(?:, used \d+ barriers)?(?:, (\d+) bytes smem)?")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")]
    private static partial Regex Frames();
}
