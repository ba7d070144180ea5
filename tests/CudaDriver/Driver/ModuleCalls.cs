using System.Runtime.InteropServices;
using System.Text;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Memory;
using SpGpu.PtxMachine.Program;
using SpGpu.PtxMachine.Text;

namespace SpGpu.CudaDriver;

/// <summary>Calls about modules, functions and launches.</summary>
internal static unsafe class ModuleCalls
{
    private const int ErrorLog = 5, ErrorLogBytes = 6, SharedAttribute = 1, LocalAttribute = 3, MostThreadsAttribute = 0;
    private const nint EndOfExtra = 0, ParameterBuffer = 1, ParameterBytes = 2;

    private static int _loaded;

    private sealed record Module(IReadOnlyDictionary<string, IntPtr> Functions);

    [UnmanagedCallersOnly(EntryPoint = "cuModuleLoadData")]
    public static int Load(IntPtr* module, byte* text) => Driver.Call("cuModuleLoadData", () => *module = Load(text));

    [UnmanagedCallersOnly(EntryPoint = "cuModuleLoadDataEx")]
    public static int Load(IntPtr* module, byte* text, uint options, int* names, void** values) => Driver.Call("cuModuleLoadDataEx", () =>
    {
        try
        {
            *module = Load(text);
        }
        catch (PtxException error)
        {
            byte* log = null;
            int bytes = 0;
            for (int n = 0; n < options; n++)
            {
                log = names[n] == ErrorLog ? (byte*)values[n] : log;
                bytes = names[n] == ErrorLogBytes ? (int)(nint)values[n] : bytes;
            }
            if (log != null && bytes > 0)
            {
                byte[] said = Encoding.ASCII.GetBytes(error.Message + "\0");
                said.AsSpan(0, Math.Min(said.Length, bytes)).CopyTo(new Span<byte>(log, bytes));
            }
            throw;
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "cuModuleUnload")]
    public static int Unload(IntPtr module) => Driver.Call("cuModuleUnload", () =>
    {
        foreach (IntPtr function in Driver.Remove<Module>(module).Functions.Values)
            Driver.Remove<Kernel>(function);
    });

    [UnmanagedCallersOnly(EntryPoint = "cuModuleGetFunction")]
    public static int Function(IntPtr* function, IntPtr module, byte* name) => Driver.Call("cuModuleGetFunction", () =>
    {
        string wanted = Marshal.PtrToStringUTF8((IntPtr)name)!;
        *function = Driver.Get<Module>(module).Functions.TryGetValue(wanted, out IntPtr found) ? found
            : throw new CudaException(CudaError.NotFound, $"no kernel {wanted}");
    });

    [UnmanagedCallersOnly(EntryPoint = "cuFuncGetAttribute")]
    public static int Attribute(int* value, int attribute, IntPtr function) => Driver.Call("cuFuncGetAttribute", () =>
    {
        Kernel kernel = Driver.Get<Kernel>(function);
        *value = attribute switch
        {
            SharedAttribute => kernel.SharedBytes,
            LocalAttribute => kernel.LocalBytes,
            MostThreadsAttribute => kernel.MostThreads,
            // Registers are not known before NVIDIA's compiler has seen it.
            _ => 0,
        };
    });

    [UnmanagedCallersOnly(EntryPoint = "cuLaunchKernel")]
    public static int Launch(
        IntPtr function, uint groupsX, uint groupsY, uint groupsZ, uint threadsX, uint threadsY, uint threadsZ, uint dynamicShared,
        IntPtr stream, void** values, void** extra) => Driver.Call("cuLaunchKernel", () =>
    {
        Kernel kernel = Driver.Get<Kernel>(function);
        byte[] parameters = extra != null && (nint)extra[0] != EndOfExtra ? FromBuffer(extra) : FromValues(kernel, values);
        var launch = new LaunchParameters(function, new(groupsX, groupsY, groupsZ), new(threadsX, threadsY, threadsZ), dynamicShared);
        (string @operator, IReadOnlyList<Extent>? tensors) = TensorCalls.Current;
        IReadOnlyList<Extent> undefined = TensorCalls.TakeUndefined();
        CudaStream.Find(stream).Enqueue(new Work(() => Driver.Run(new Launch(
            kernel, launch.Groups, launch.Threads, parameters, (int)dynamicShared, Driver.Memory, Driver.Settings.Machine)
        {
            Tensors = tensors,
            Undefined = undefined,
            Counts = CountCalls.Of(@operator, kernel),
        }), launch));
    });

    private static IntPtr Load(byte* text)
    {
        string ptx = Driver.Settings.Plant(Marshal.PtrToStringUTF8((IntPtr)text)!);
        if (Driver.Settings.TextFolder is { } folder)
            File.WriteAllText($"{folder}/{++_loaded}.ptx", ptx);
        IReadOnlyList<Kernel> kernels = Kernel.Read(ptx);
        Driver.Recorder?.Loaded(kernels, ptx);
        return Driver.Handle(new Module(kernels.ToDictionary(kernel => kernel.Name, Driver.Handle)));
    }

    private static byte[] FromValues(Kernel kernel, void** values)
    {
        var parameters = new byte[kernel.ParameterBytes];
        for (int n = 0; n < kernel.Parameters.Count; n++)
        {
            Variable parameter = kernel.Parameters[n];
            new ReadOnlySpan<byte>(values[n], parameter.Size).CopyTo(parameters.AsSpan(parameter.Offset));
        }
        return parameters;
    }

    private static byte[] FromBuffer(void** extra)
    {
        void* buffer = null;
        nuint bytes = 0;
        for (int n = 0; (nint)extra[n] != EndOfExtra; n += 2)
        {
            if ((nint)extra[n] == ParameterBuffer)
                buffer = extra[n + 1];
            else if ((nint)extra[n] == ParameterBytes)
                bytes = *(nuint*)extra[n + 1];
            else
                throw new CudaException(CudaError.InvalidValue, "an unknown option of a launch");
        }
        return new ReadOnlySpan<byte>(buffer, (int)bytes).ToArray();
    }
}
