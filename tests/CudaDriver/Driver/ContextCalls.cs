using System.Runtime.InteropServices;

namespace SpGpu.CudaDriver;

/// <summary>Calls about contexts; there is one, and it needs nothing.</summary>
internal static unsafe class ContextCalls
{
    [UnmanagedCallersOnly(EntryPoint = "cuCtxCreate_v2")]
    public static int Create(IntPtr* context, uint flags, int device) => Driver.Call("cuCtxCreate", () => *context = 1);

    [UnmanagedCallersOnly(EntryPoint = "cuCtxDestroy_v2")]
    public static int Destroy(IntPtr context) => Driver.Call("cuCtxDestroy", Driver.Summarise);

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetCurrent")]
    public static int SetCurrent(IntPtr context) => Driver.Call("cuCtxSetCurrent", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSynchronize")]
    public static int Synchronize() => Driver.Call("cuCtxSynchronize", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuCtxGetCacheConfig")]
    public static int GetCache(int* value) => Driver.Call("cuCtxGetCacheConfig", () => *value = 0);

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetCacheConfig")]
    public static int SetCache(int value) => Driver.Call("cuCtxSetCacheConfig", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuCtxGetSharedMemConfig")]
    public static int GetShared(int* value) => Driver.Call("cuCtxGetSharedMemConfig", () => *value = 0);

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetSharedMemConfig")]
    public static int SetShared(int value) => Driver.Call("cuCtxSetSharedMemConfig", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuCtxEnablePeerAccess")]
    public static int EnablePeer(IntPtr context, uint flags) => Driver.Call("cuCtxEnablePeerAccess", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuCtxDisablePeerAccess")]
    public static int DisablePeer(IntPtr context) => Driver.Call("cuCtxDisablePeerAccess", () => { });
}
