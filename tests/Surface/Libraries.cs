using System.Reflection;

namespace SpGpu.Surface.Tests;

/// <summary>The libraries that people build upon; the tool is none.</summary>
internal static class Libraries
{
    private static readonly string[] _names = ["Common", "Data", "Gpu", "Checks", "Layers", "Models", "Mpi", "Onnx", "Synth", "Training"];

    public static TheoryData<string> Names => [.. _names.Select(name => $"SpGpu.{name}")];

    public static Assembly Load(string library) => Assembly.Load(library);
}
