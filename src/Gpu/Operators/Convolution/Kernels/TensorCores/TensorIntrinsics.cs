using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using static SpGpu.Gpu.Kernels.PtxText;

namespace SpGpu.Gpu.Kernels;

/// <summary>The PTX of <see cref="TensorInstructions"/>; other backends have none.</summary>
internal static class TensorIntrinsics
{
    /// <summary>Registers all of them.</summary>
    public static void Register(IntrinsicImplementationManager manager)
    {
        Register(manager, nameof(MultiplyAdd), nameof(TensorInstructions.MultiplyAdd));
        Register(manager, nameof(CopyFloat), nameof(TensorInstructions.Copy), Copies<float>());
        Register(manager, nameof(CopyFloat4), nameof(TensorInstructions.Copy), Copies<Float4>());
        Register(manager, nameof(Commit), nameof(TensorInstructions.Commit));
        Register(manager, nameof(Await), nameof(TensorInstructions.Await));
    }

    private static void Register(IntrinsicImplementationManager manager, string ptx, string name, Type[]? parameters = null) =>
        manager.RegisterMethod(
            parameters is null ? typeof(TensorInstructions).GetMethod(name)! : typeof(TensorInstructions).GetMethod(name, parameters)!,
            new PTXIntrinsic(typeof(TensorIntrinsics), ptx, IntrinsicImplementationMode.GenerateCode));

    private static Type[] Copies<T>() => [typeof(T).MakeByRefType(), typeof(T).MakeByRefType(), typeof(int)];

    private static void MultiplyAdd(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string[] arguments = Arguments(generator, value);
        string[] sums = Names(generator.Allocate(value));
        Emit(generator, $"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {{{string.Join(", ", sums)}}}, " +
            $"{{{string.Join(", ", arguments[..4])}}}, {{{string.Join(", ", arguments[4..6])}}}, {{{string.Join(", ", arguments[6..])}}};");
    }

    private static void CopyFloat(PTXBackend backend, PTXCodeGenerator generator, Value value) => Copy(generator, value, "ca", 4);

    private static void CopyFloat4(PTXBackend backend, PTXCodeGenerator generator, Value value) => Copy(generator, value, "cg", 16);

    private static void Copy(PTXCodeGenerator generator, Value value, string cache, int size)
    {
        string[] arguments = Arguments(generator, value);
        // The first is an address in shared memory already, the second may be any.
        Emit(generator, "{ .reg .b32 target; .reg .b64 source;");
        Emit(generator, $"cvt.u32.u64 target, {arguments[0]};");
        Emit(generator, $"cvta.to.global.u64 source, {arguments[1]};");
        Emit(generator, $"cp.async.{cache}.shared.global [target], [source], {size}, {arguments[2]}; }}");
    }

    private static void Commit(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        generator.Command("cp.async.commit_group");

    private static void Await(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        generator.Command("cp.async.wait_group 1");

    private static string[] Arguments(PTXCodeGenerator generator, Value value) =>
        [.. Enumerable.Range(0, value.Count).Select(i => Argument(generator, value[i]))];
}
