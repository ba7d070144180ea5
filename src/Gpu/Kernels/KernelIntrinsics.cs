using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The PTX and OpenCL C of the functions of <see cref="KernelMath"/> that ILGPU has no right code for.
/// A backend copies the list of intrinsics when its accelerator is made: register before that.
/// </summary>
internal static class KernelIntrinsics
{
    private static readonly ConditionalWeakTable<IntrinsicImplementationManager, object> _registered = [];

    /// <summary>Registers all intrinsics, once a context.</summary>
    public static void Register(IntrinsicImplementationManager manager)
    {
        if (!_registered.TryAdd(manager, manager))
            return;
        Register(manager, nameof(KernelMath.Barrier), nameof(BarrierPtx), nameof(BarrierCl));
        Register(manager, nameof(KernelMath.Exp), nameof(ExpPtx), nameof(ExpCl));
        Register(manager, nameof(KernelMath.Log), nameof(LogPtx), nameof(LogCl));
        Register(manager, nameof(KernelMath.MultiplyAdd), nameof(MultiplyAddPtx), nameof(MultiplyAddCl));
        // Kernels that use these are compiled for NVIDIA alone.
        manager.RegisterMethod(Method(nameof(KernelMath.TensorMultiplyAdd)), Ptx(nameof(TensorMultiplyAddPtx)));
        manager.RegisterMethod(Method<float>(nameof(KernelMath.CopyAsync)), Ptx(nameof(CopyFloatPtx)));
        manager.RegisterMethod(Method<Float4>(nameof(KernelMath.CopyAsync)), Ptx(nameof(CopyFloat4Ptx)));
        manager.RegisterMethod(Method(nameof(KernelMath.CommitCopies)), Ptx(nameof(CommitCopiesPtx)));
        manager.RegisterMethod(Method(nameof(KernelMath.AwaitCopies)), Ptx(nameof(AwaitCopiesPtx)));
        GlobalMemoryIntrinsics.Register(manager);
    }

    /// <summary>Whether the intrinsics have been registered.</summary>
    public static bool AreRegistered(IntrinsicImplementationManager manager) => _registered.TryGetValue(manager, out _);

    private static void Register(IntrinsicImplementationManager manager, string name, string ptx, string openCl)
    {
        MethodInfo method = Method(name);
        manager.RegisterMethod(method, Ptx(ptx));
        manager.RegisterMethod(method, new CLIntrinsic(typeof(KernelIntrinsics), openCl, IntrinsicImplementationMode.GenerateCode));
    }

    private static MethodInfo Method(string name) => typeof(KernelMath).GetMethod(name)!;

    private static MethodInfo Method<T>(string name) =>
        typeof(KernelMath).GetMethod(name, [typeof(T).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int)])!;

    private static PTXIntrinsic Ptx(string name) => new(typeof(KernelIntrinsics), name, IntrinsicImplementationMode.GenerateCode);

    private static void BarrierPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        generator.Command("bar.sync 0");

    private static void BarrierCl(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement(
            "work_group_barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)");
    }

    private static void ExpPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        // 2^(x log2 e). The rounding of the product costs |x| * 6e-8 of the result: invisible where x <= 0.
        PTXRegisterAllocator.HardwareRegister x = generator.LoadHardware(value[0]);
        PTXRegisterAllocator.HardwareRegister result = generator.AllocateHardware(value);
        string target = Name(result);
        Emit(generator, $"mul.rn.f32 {target}, {Name(x)}, 0f3FB8AA3B;");
        Emit(generator, $"ex2.approx.f32 {target}, {target};");
    }

    private static void ExpCl(CLBackend backend, CLCodeGenerator generator, Value value) => Call(generator, "exp", value);

    private static void LogPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        // log2(x) ln 2.
        PTXRegisterAllocator.HardwareRegister x = generator.LoadHardware(value[0]);
        PTXRegisterAllocator.HardwareRegister result = generator.AllocateHardware(value);
        string target = Name(result);
        Emit(generator, $"lg2.approx.f32 {target}, {Name(x)};");
        Emit(generator, $"mul.rn.f32 {target}, {target}, 0f3F317218;");
    }

    private static void LogCl(CLBackend backend, CLCodeGenerator generator, Value value) => Call(generator, "log", value);

    private static void MultiplyAddPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string a = Name(generator.LoadHardware(value[0])), b = Name(generator.LoadHardware(value[1])),
            c = Name(generator.LoadHardware(value[2]));
        Emit(generator, $"fma.rn.f32 {Name(generator.AllocateHardware(value))}, {a}, {b}, {c};");
    }

    private static void TensorMultiplyAddPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string[] arguments = [.. Enumerable.Range(0, value.Count).Select(i =>
            Name(generator.EnsureHardwareRegister(generator.LoadPrimitive(value[i]))))];
        var result = (PTXRegisterAllocator.CompoundRegister)generator.Allocate(value);
        string[] sums = [.. result.Children.Select(child => Name((PTXRegisterAllocator.HardwareRegister)child))];
        Emit(generator, $"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {{{string.Join(", ", sums)}}}, " +
            $"{{{string.Join(", ", arguments[..4])}}}, {{{string.Join(", ", arguments[4..6])}}}, {{{string.Join(", ", arguments[6..])}}};");
    }

    private static void CopyFloatPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Copy(generator, value, "ca", 4);

    private static void CopyFloat4Ptx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Copy(generator, value, "cg", 16);

    private static void Copy(PTXCodeGenerator generator, Value value, string cache, int size)
    {
        string[] arguments = [.. Enumerable.Range(0, value.Count).Select(i =>
            Name(generator.EnsureHardwareRegister(generator.LoadPrimitive(value[i]))))];
        // The first is an address in shared memory already, the second may be any.
        Emit(generator, "{ .reg .b32 target; .reg .b64 source;");
        Emit(generator, $"cvt.u32.u64 target, {arguments[0]};");
        Emit(generator, $"cvta.to.global.u64 source, {arguments[1]};");
        Emit(generator, $"cp.async.{cache}.shared.global [target], [source], {size}, {arguments[2]}; }}");
    }

    private static void CommitCopiesPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        generator.Command("cp.async.commit_group");

    private static void AwaitCopiesPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        generator.Command("cp.async.wait_group 1");

    private static void MultiplyAddCl(CLBackend backend, CLCodeGenerator generator, Value value) => Call(generator, "fma", value);

    /// <summary>Calls a function of OpenCL C with the arguments that the method was given.</summary>
    private static void Call(CLCodeGenerator generator, string function, Value value)
    {
        CLVariableAllocator.Variable[] arguments = [.. Enumerable.Range(0, value.Count).Select(i => generator.Load(value[i]))];
        CLVariableAllocator.Variable target = generator.Allocate(value);
        using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement(target);
        statement.AppendCommand(function);
        statement.BeginArguments();
        foreach (CLVariableAllocator.Variable argument in arguments)
            statement.AppendArgument(argument);
        statement.EndArguments();
    }

    private static string Name(PTXRegisterAllocator.HardwareRegister register) =>
        "%" + PTXRegisterAllocator.GetStringRepresentation(register);

    private static void Emit(PTXCodeGenerator generator, string line) =>
        generator.Builder.AppendLine(CultureInfo.InvariantCulture, $"\t{line}");
}
