using System.Runtime.InteropServices;

namespace SpGpu.CudaDriver;

/// <summary>Calls about memory. What is copied may lie in the device's memory, within one block, or in the host's.</summary>
internal static unsafe class MemoryCalls
{
    [UnmanagedCallersOnly(EntryPoint = "cuMemAlloc_v2")]
    public static int Allocate(IntPtr* pointer, nuint bytes) => Driver.Call("cuMemAlloc", () =>
    {
        if (bytes == 0)
            throw new CudaException(CudaError.InvalidValue, "an allocation of nothing");
        if ((long)bytes > Driver.Settings.Memory - Driver.Memory.Used)
            throw new CudaException(CudaError.OutOfMemory, $"{bytes} bytes; {Driver.Memory.Used} of {Driver.Settings.Memory} are taken");
        *pointer = Driver.Memory.Allocate((long)bytes);
        Driver.Recorder?.Allocated(*pointer, bytes);
    });

    [UnmanagedCallersOnly(EntryPoint = "cuMemFree_v2")]
    public static int Free(IntPtr pointer) => Driver.Call("cuMemFree", () =>
    {
        if (pointer != 0 && !Driver.Memory.Free(pointer))
            throw new CudaException(CudaError.InvalidValue, $"0x{pointer:x} is no allocation");
        Driver.Recorder?.Freed(pointer);
    });

    [UnmanagedCallersOnly(EntryPoint = "cuMemGetInfo_v2")]
    public static int Information(nuint* free, nuint* all) => Driver.Call("cuMemGetInfo", () =>
        (*free, *all) = ((nuint)(Driver.Settings.Memory - Driver.Memory.Used), (nuint)Driver.Settings.Memory));

    [UnmanagedCallersOnly(EntryPoint = "cuMemAllocHost_v2")]
    public static int AllocateHost(void** pointer, nuint bytes) =>
        Driver.Call("cuMemAllocHost", () => *pointer = NativeMemory.Alloc(bytes));

    [UnmanagedCallersOnly(EntryPoint = "cuMemFreeHost")]
    public static int FreeHost(void* pointer) => Driver.Call("cuMemFreeHost", () => NativeMemory.Free(pointer));

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostRegister_v2")]
    public static int Register(void* pointer, nuint bytes, uint flags) => Driver.Call("cuMemHostRegister", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostUnregister")]
    public static int Unregister(void* pointer) => Driver.Call("cuMemHostUnregister", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostGetDevicePointer_v2")]
    public static int DevicePointer(void** pointer, void* host, uint flags) =>
        Driver.Call("cuMemHostGetDevicePointer", () => *pointer = host);

    [UnmanagedCallersOnly(EntryPoint = "cuPointerGetAttribute")]
    public static int Attribute(void* data, int attribute, IntPtr pointer) => Driver.Call("cuPointerGetAttribute", () =>
        throw new CudaException(CudaError.InvalidValue, "attributes of pointers are not told"));

    [UnmanagedCallersOnly(EntryPoint = "cuMemcpyAsync")]
    public static int Copy(byte* target, byte* source, nuint bytes, IntPtr stream) => Driver.Call("cuMemcpyAsync", () =>
    {
        Check(target, bytes);
        Check(source, bytes);
        CudaStream.Find(stream).Enqueue(new Work(() =>
        {
            if (!Driver.Memory.IsDevice((ulong)target))
                Driver.Memory.CheckDefined((ulong)source, bytes);
            Buffer.MemoryCopy(source, target, bytes, bytes);
            Driver.Memory.Copied((ulong)target, (ulong)source, bytes);
        }));
    });

    [UnmanagedCallersOnly(EntryPoint = "cuMemsetD8Async")]
    public static int Set(byte* target, byte value, nuint bytes, IntPtr stream) => Driver.Call("cuMemsetD8Async", () =>
    {
        if (!Driver.Memory.Has((ulong)target, bytes))
            throw new CudaException(CudaError.InvalidValue, $"{bytes} bytes at 0x{(ulong)target:x} lie in no allocation");
        CudaStream.Find(stream).Enqueue(new Work(() =>
        {
            NativeMemory.Fill(target, bytes, value);
            Driver.Memory.Define((ulong)target, bytes);
        }));
    });

    private static void Check(byte* pointer, nuint bytes)
    {
        if (Driver.Memory.IsDevice((ulong)pointer) && !Driver.Memory.Has((ulong)pointer, bytes))
            throw new CudaException(CudaError.InvalidValue, $"a copy of {bytes} bytes at 0x{(ulong)pointer:x} leaves the allocation");
    }
}
