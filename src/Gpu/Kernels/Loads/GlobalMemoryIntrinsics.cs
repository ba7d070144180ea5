using System.Reflection;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using static SpGpu.Gpu.Kernels.PtxText;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The PTX of the loads of <see cref="GlobalMemory"/>; OpenCL's compilers find out by themselves what kind of memory a
/// pointer is for.
/// </summary>
internal static class GlobalMemoryIntrinsics
{
    /// <summary>Registers the loads.</summary>
    public static void Register(IntrinsicImplementationManager manager)
    {
        Register(manager, nameof(GlobalMemory.Scalar), nameof(ScalarPtx), nameof(ScalarCl));
        Register(manager, nameof(GlobalMemory.Distant), nameof(DistantPtx), nameof(DistantCl));
        Register(manager, nameof(GlobalMemory.Vector), nameof(VectorPtx), nameof(VectorCl));
    }

    private static void Register(IntrinsicImplementationManager manager, string name, string ptx, string openCl)
    {
        MethodInfo method = typeof(GlobalMemory).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        manager.RegisterMethod(
            method, new PTXIntrinsic(typeof(GlobalMemoryIntrinsics), ptx, IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new CLIntrinsic(typeof(GlobalMemoryIntrinsics), openCl, IntrinsicImplementationMode.Redirect));
    }

    private static void ScalarPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Load(generator, value, "ld.global.f32", Name(generator.AllocateHardware(value)));

    private static void VectorPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Load(generator, value, "ld.global.v4.f32", Names(generator.Allocate(value)));

    private static void DistantPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string target = Name(generator.AllocateHardware(value));
        Emit(generator, "{");
        Emit(generator, ".reg .u64 global, bytes;");
        Emit(generator, $"cvta.to.global.u64 global, {Name(generator.LoadHardware(value[0]))};");
        foreach (int offset in new[] { 1, 2 })
        {
            Emit(generator, $"mul.wide.s32 bytes, {Name(generator.LoadHardware(value[offset]))}, 4;");
            Emit(generator, "add.u64 global, global, bytes;");
        }
        Emit(generator, $"mov.f32 {target}, 0f00000000;");
        Emit(generator, $"@{Name(generator.LoadHardware(value[4]))} ld.global.f32 {target}, [global];");
        Emit(generator, "}");
    }

    private static void Load(PTXCodeGenerator generator, Value value, string instruction, params string[] targets)
    {
        string address = Name(generator.LoadHardware(value[0]));
        // A condition that is known has no register.
        bool? known = value[1].Resolve() is PrimitiveValue constant ? constant.Int1Value : null;
        string predicate = known is null ? $"@{Name(generator.LoadHardware(value[1]))} " : "";
        string target = targets.Length == 1 ? targets[0] : $"{{{string.Join(", ", targets)}}}";
        Emit(generator, "{");
        Emit(generator, ".reg .u64 global;");
        Emit(generator, $"cvta.to.global.u64 global, {address};");
        foreach (string register in known == true ? [] : targets)
            Emit(generator, $"mov.f32 {register}, 0f00000000;");
        if (known != false)
            Emit(generator, $"{predicate}{instruction} {target}, [global];");
        Emit(generator, "}");
    }

    private static float ScalarCl(ref float at, bool wanted) => wanted ? at : 0f;

    private static float DistantCl(ref float start, int place, int distance, ref float at, bool wanted) => wanted ? at : 0f;

    private static Float4 VectorCl(ref Float4 at, bool wanted) => wanted ? at : default;
}
