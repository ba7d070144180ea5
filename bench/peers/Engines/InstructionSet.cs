using System.Runtime.Intrinsics.X86;

namespace SpGpu.Peers.Engines;

/// <summary>The vector instructions that engines may use, and the environment variables that say so to each.</summary>
internal sealed record InstructionSet
{
    private readonly string[] _own, _pyTorch;

    private InstructionSet(string name, string[] own, string[] pyTorch)
    {
        Name = name;
        _own = own;
        _pyTorch = pyTorch;
    }

    /// <summary>Whatever the processor has.</summary>
    public static InstructionSet Native { get; } = new(HasAvx512 ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "native", [], []);

    /// <summary>SpGpu and PyTorch held to AVX2; ONNX Runtime has no such switch (<see cref="OnnxRuntimeHeld"/>).</summary>
    public static InstructionSet HeldToAvx2 { get; } =
        new("held to AVX2", ["DOTNET_EnableAVX512=0"], ["ATEN_CPU_CAPABILITY=avx2", "ONEDNN_MAX_CPU_ISA=AVX2"]);

    public static bool HasAvx512 => Avx512F.IsSupported;

    public string Name { get; }

    /// <summary>The environment of the processes of SpGpu.</summary>
    public IEnumerable<(string Name, string Value)> Own => Variables(_own);

    /// <summary>The environment of the processes of PyTorch.</summary>
    public IEnumerable<(string Name, string Value)> PyTorch => Variables(_pyTorch);

    public static InstructionSet Named(string name) => name == "avx2" ? HeldToAvx2 : Native;

    private static IEnumerable<(string, string)> Variables(string[] settings) => settings.Select(setting =>
    {
        string[] parts = setting.Split('=');
        return (parts[0], parts[1]);
    });
}
