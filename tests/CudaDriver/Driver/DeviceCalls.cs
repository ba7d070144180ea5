using System.Runtime.InteropServices;
using System.Text;

namespace SpGpu.CudaDriver;

/// <summary>Calls about the driver and its device.</summary>
internal static unsafe class DeviceCalls
{
    [UnmanagedCallersOnly(EntryPoint = "cuInit")]
    public static int Init(uint flags) => Driver.Call("cuInit", () => { });

    [UnmanagedCallersOnly(EntryPoint = "cuDriverGetVersion")]
    public static int Version(int* version) => Driver.Call("cuDriverGetVersion", () => *version = Driver.Settings.Version);

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetCount")]
    public static int Count(int* count) => Driver.Call("cuDeviceGetCount", () => *count = 1);

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGet")]
    public static int Get(int* device, int number) => Driver.Call("cuDeviceGet", () =>
        *device = number == 0 ? 0 : throw new CudaException(CudaError.InvalidDevice));

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetName")]
    public static int Name(byte* name, int length, int device) => Driver.Call("cuDeviceGetName", () =>
        Encoding.ASCII.GetBytes("PTX on a processor\0").AsSpan()[..Math.Min(length, 19)].CopyTo(new Span<byte>(name, length)));

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceTotalMem_v2")]
    public static int Memory(nuint* bytes, int device) => Driver.Call("cuDeviceTotalMem", () => *bytes = (nuint)Driver.Settings.Memory);

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetAttribute")]
    public static int Attribute(int* value, int attribute, int device) =>
        Driver.Call("cuDeviceGetAttribute", () => *value = Attribute(attribute));

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceCanAccessPeer")]
    public static int CanAccessPeer(int* can, int device, int peer) => Driver.Call("cuDeviceCanAccessPeer", () => *can = 0);

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetP2PAttribute")]
    public static int PeerAttribute(int* value, int attribute, int device, int peer) =>
        Driver.Call("cuDeviceGetP2PAttribute", () => *value = 0);

    [UnmanagedCallersOnly(EntryPoint = "cuGetErrorString")]
    public static int ErrorString(int error, byte** text)
    {
        *text = (byte*)Marshal.StringToCoTaskMemUTF8(CudaError.Describe(error));
        return CudaError.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    public static int Resident(int* groups, IntPtr function, int threads, nuint dynamicShared) =>
        Driver.Call("cuOccupancyMaxActiveBlocksPerMultiprocessor", () =>
        {
            // By threads and shared memory; registers are the compiler's business.
            int shared = Driver.Get<PtxMachine.Program.Kernel>(function).SharedBytes + (int)dynamicShared;
            *groups = Math.Min(Math.Min(32, 2048 / Math.Max(threads, 1)), shared == 0 ? 32 : 233472 / (shared + 1024));
        });

    [UnmanagedCallersOnly(EntryPoint = "cuOccupancyMaxPotentialBlockSize")]
    public static int BlockSize(int* groups, int* threads, IntPtr function, IntPtr sharedOfSize, nuint dynamicShared, int most) =>
        Driver.Call("cuOccupancyMaxPotentialBlockSize", () => (*groups, *threads) = (Driver.Settings.Multiprocessors, 256));

    /// <summary>CUdevice_attribute, as an H100 has them.</summary>
    private static int Attribute(int attribute) => attribute switch
    {
        1 or 2 or 3 => 1024,
        4 => 64,
        5 => int.MaxValue,
        6 or 7 => 65535,
        8 => 49152,
        9 => 65536,
        10 => 32,
        11 => int.MaxValue,
        12 or 82 => 65536,
        13 => 1755000,
        16 => Driver.Settings.Multiprocessors,
        36 => 2619000,
        37 => 5120,
        38 => 50 << 20,
        39 => 2048,
        75 => Driver.Settings.Major,
        76 => Driver.Settings.Minor,
        81 => 233472,
        _ => 1,
    };
}
