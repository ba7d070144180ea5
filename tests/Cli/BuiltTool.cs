using System.Runtime.InteropServices;

namespace SpGpu.Cli.Tests;

/// <summary>The built tool, to be started as a process of its own.</summary>
internal static class BuiltTool
{
    // The program of the runtime that runs this: `dotnet` need not be on the PATH, nor be the same one there.
    private static readonly string _dotnet = Path.GetFullPath(
        Path.Combine("..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), RuntimeEnvironment.GetRuntimeDirectory());

    private static readonly string _tool = Path.Combine(AppContext.BaseDirectory, "spgpu.dll");

    /// <summary>The program and what comes before the tool's own arguments.</summary>
    /// <remarks>Published with a runtime of its own, the tool is a program by itself.</remarks>
    public static string[] Command =>
        File.Exists(_dotnet) ? [_dotnet, _tool] : [Path.ChangeExtension(_tool, OperatingSystem.IsWindows() ? ".exe" : null)];

    /// <summary>The command for a POSIX shell.</summary>
    public static string Quoted => string.Join(' ', Command.Select(word => $"'{word}'"));
}
