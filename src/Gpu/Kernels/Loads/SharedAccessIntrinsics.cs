using System.Reflection;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using static SpGpu.Gpu.Kernels.PtxText;

namespace SpGpu.Gpu.Kernels;

/// <summary>The PTX of <see cref="SharedAccess"/>; OpenCL's compilers fold constants into addresses by themselves.</summary>
internal static class SharedAccessIntrinsics
{
    /// <summary>Registers loads and store.</summary>
    public static void Register(IntrinsicImplementationManager manager)
    {
        Register(manager, nameof(SharedAccess.LoadVector), nameof(LoadPtx), nameof(LoadVectorCl));
        Register(manager, nameof(SharedAccess.LoadTap), nameof(LoadPtx), nameof(LoadTapCl));
        Register(manager, nameof(SharedAccess.StoreFloat), nameof(StorePtx), nameof(StoreFloatCl));
    }

    private static void Register(IntrinsicImplementationManager manager, string name, string ptx, string openCl)
    {
        MethodInfo method = typeof(SharedAccess).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        manager.RegisterMethod(
            method, new PTXIntrinsic(typeof(SharedAccessIntrinsics), ptx, IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new CLIntrinsic(typeof(SharedAccessIntrinsics), openCl, IntrinsicImplementationMode.Redirect));
    }

    private static void LoadPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string place = Name(generator.LoadHardware(value[0]));
        string targets = string.Join(", ", Names(generator.Allocate(value)));
        Emit(generator, place, $"ld.shared.v4.b32 {{{targets}}}, [address + {Bytes(value)}]");
    }

    private static void StorePtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        string place = Name(generator.LoadHardware(value[0]));
        string stored = Argument(generator, value[3]);
        Emit(generator, place, $"st.shared.f32 [address + {Bytes(value)}], {stored}");
    }

    // Only the methods' own bodies, which nothing calls, have a variable distance.
    private static int Bytes(Value value) => value[1].Resolve() is PrimitiveValue known ? known.Int32Value : 0;

    private static Float4 LoadVectorCl(ref float place, int bytes, ref Float4 at) => at;

    private static TapPlace LoadTapCl(ref TapPlace place, int bytes, ref TapPlace at) => at;

    private static void StoreFloatCl(ref float place, int bytes, ref float at, float value) => at = value;

    private static void Emit(PTXCodeGenerator generator, string place, string instruction) =>
        PtxText.Emit(generator, $"{{ .reg .b32 address; cvt.u32.u64 address, {place}; {instruction}; }}");
}
