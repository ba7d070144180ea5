using System.Globalization;
using ILGPU.Backends.PTX;
using ILGPU.IR;

namespace SpGpu.Gpu.Kernels;

/// <summary>Registers and lines of PTX, for intrinsics.</summary>
internal static class PtxText
{
    /// <summary>A register's name.</summary>
    public static string Name(PTXRegisterAllocator.HardwareRegister register) =>
        "%" + PTXRegisterAllocator.GetStringRepresentation(register);

    /// <summary>The names of the registers of a value that has several, as Float4.</summary>
    public static string[] Names(PTXRegisterAllocator.Register register) =>
        [.. ((PTXRegisterAllocator.CompoundRegister)register).Children.Select(child => Name((PTXRegisterAllocator.HardwareRegister)child))];

    /// <summary>The register of an argument, which a constant is put into.</summary>
    public static string Argument(PTXCodeGenerator generator, Value value) =>
        Name(generator.EnsureHardwareRegister(generator.LoadPrimitive(value)));

    /// <summary>Writes a line.</summary>
    public static void Emit(PTXCodeGenerator generator, string line) =>
        generator.Builder.AppendLine(CultureInfo.InvariantCulture, $"\t{line}");
}
