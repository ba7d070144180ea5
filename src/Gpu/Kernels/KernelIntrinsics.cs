using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using static SpGpu.Gpu.Kernels.PtxText;

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
        GlobalMemoryIntrinsics.Register(manager);
        TensorIntrinsics.Register(manager);
        SharedAccessIntrinsics.Register(manager);
    }

    /// <summary>Whether the intrinsics have been registered.</summary>
    public static bool AreRegistered(IntrinsicImplementationManager manager) => _registered.TryGetValue(manager, out _);

    private static void Register(IntrinsicImplementationManager manager, string name, string ptx, string openCl)
    {
        MethodInfo method = typeof(KernelMath).GetMethod(name)!;
        manager.RegisterMethod(method, new PTXIntrinsic(typeof(KernelIntrinsics), ptx, IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new CLIntrinsic(typeof(KernelIntrinsics), openCl, IntrinsicImplementationMode.GenerateCode));
    }

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
}
