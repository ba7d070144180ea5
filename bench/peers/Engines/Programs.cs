using System.Globalization;

namespace SpGpu.Peers.Engines;

/// <summary>The engines' commands.</summary>
internal static class Programs
{
    public const string Own = "SpGpu", OnnxRuntime = "ONNX Runtime", PyTorch = "PyTorch";

    /// <summary>This program as the process that is timed.</summary>
    public static Engine OwnProcess(string name, InstructionSet instructions, string command, IEnumerable<string> words) =>
        new(name, Environment.ProcessPath!, [.. Host(), command, .. words], instructions.Own);

    /// <summary>
    /// This program in processes that the mpirun of Open MPI starts (the variable <c>MPIRUN</c> names it), each bound to cores of its own.
    /// </summary>
    public static Engine BoundProcesses(string name, int processes, int cores, string command, IEnumerable<string> words) => new(
        name, Environment.GetEnvironmentVariable("MPIRUN") ?? "mpirun",
        [
            "-n", Text(processes), "--bind-to", "core", "--map-by", $"slot:PE={Text(cores)}",
            Environment.ProcessPath!, .. Host(), command, .. words,
        ],
        // Open MPI gives processes a terminal, which .NET would set up; containers run as root.
        [("TERM", "dumb"), ("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")]);

    /// <summary>This program with ONNX Runtime in it, which takes whatever instructions the processor has.</summary>
    /// <param name="words">The words behind the command.</param>
    /// <param name="copy">The folder of a copy of this program, with another ONNX Runtime in it; null for this one.</param>
    public static Engine OnnxRuntimeProcess(IEnumerable<string> words, string? copy)
    {
        string[] host = [.. Host()];
        return host.Length > 0
            ? new(OnnxRuntime, Environment.ProcessPath!, [In(host[0]), "onnx-inference", .. words], [])
            : new(OnnxRuntime, In(Environment.ProcessPath!), ["onnx-inference", .. words], []);

        string In(string program) => copy is null ? program : Path.Combine(copy, Path.GetFileName(program));
    }

    /// <summary>A script for the Python interpreter that the variable <c>PYTHON</c> names.</summary>
    public static Engine PyTorchProcess(InstructionSet instructions, string script, IEnumerable<string> words)
    {
        string python = Environment.GetEnvironmentVariable("PYTHON") ?? (OperatingSystem.IsWindows() ? "python" : "python3");
        return new(PyTorch, python, [Path.Combine(AppContext.BaseDirectory, "pytorch", script), .. words], instructions.PyTorch);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // "dotnet peers.dll" has the host in front, the published program has not.
    private static IEnumerable<string> Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
