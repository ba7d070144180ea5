using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Gpu.Kernels;

/// <summary>What CUDA's driver says of launches: they are captured into a graph, and looked at there.</summary>
internal static unsafe class CudaLaunches
{
    private const int KernelNode = 0, SharedAttribute = 1, LocalAttribute = 3, RegistersAttribute = 4;

    private static readonly delegate* unmanaged<IntPtr, IntPtr*, nuint*, CudaError> _nodes =
        (delegate* unmanaged<IntPtr, IntPtr*, nuint*, CudaError>)CudaDriver.Find("cuGraphGetNodes");

    private static readonly delegate* unmanaged<IntPtr, int*, CudaError> _type =
        (delegate* unmanaged<IntPtr, int*, CudaError>)CudaDriver.Find("cuGraphNodeGetType");

    private static readonly delegate* unmanaged<IntPtr, NodeParameters*, CudaError> _parameters =
        (delegate* unmanaged<IntPtr, NodeParameters*, CudaError>)CudaDriver.Find("cuGraphKernelNodeGetParams");

    private static readonly delegate* unmanaged<int*, int, IntPtr, CudaError> _attribute =
        (delegate* unmanaged<int*, int, IntPtr, CudaError>)CudaDriver.Find("cuFuncGetAttribute");

    private static bool IsComplete => _nodes != null && _type != null && _parameters != null && _attribute != null;

    /// <summary>
    /// The launches of what is enqueued, without running it; none for other devices, and where the driver does not say it.
    /// </summary>
    public static IReadOnlyList<KernelLaunch> Of(KernelDevice device, string kernel, Action enqueue)
    {
        IReadOnlyList<KernelLaunch> launches = [];
        if (CudaGraph.IsFor(device) && IsComplete)
        {
            device.Driver.Try(DriverCall.Capture, "looking at launches", () =>
            {
                using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
                launches = CudaDriver.Capture((CudaStream)device.Stream, enqueue, graph => In(graph, kernel, device.Accelerator));
            });
        }
        return launches;
    }

    private static List<KernelLaunch> In(IntPtr graph, string kernel, Accelerator accelerator)
    {
        var launches = new List<KernelLaunch>();
        foreach (IntPtr node in Nodes(graph))
        {
            int type;
            CudaDriver.Check(_type(node, &type));
            if (type != KernelNode)
                continue;
            NodeParameters launch;
            CudaDriver.Check(_parameters(node, &launch));
            int threads = (int)(launch.ThreadsX * launch.ThreadsY * launch.ThreadsZ);
            CudaDriver.Check(CudaAPI.CurrentAPI.ComputeOccupancyMaxActiveBlocksPerMultiprocessor(
                out int resident, launch.Function, threads, (IntPtr)launch.SharedBytes));
            launches.Add(new KernelLaunch(
                kernel, Attribute(RegistersAttribute, launch.Function), Attribute(LocalAttribute, launch.Function),
                Attribute(SharedAttribute, launch.Function) + (int)launch.SharedBytes, threads,
                (long)launch.GroupsX * launch.GroupsY * launch.GroupsZ, resident, accelerator.NumMultiprocessors));
        }
        return launches;
    }

    private static IntPtr[] Nodes(IntPtr graph)
    {
        nuint count;
        CudaDriver.Check(_nodes(graph, null, &count));
        var nodes = new IntPtr[count];
        fixed (IntPtr* first = nodes)
            CudaDriver.Check(_nodes(graph, first, &count));
        return nodes;
    }

    private static int Attribute(int attribute, IntPtr function)
    {
        int value;
        CudaDriver.Check(_attribute(&value, attribute, function));
        return value;
    }

    /// <summary>CUDA_KERNEL_NODE_PARAMS.</summary>
    private struct NodeParameters
    {
        public IntPtr Function;
        public uint GroupsX, GroupsY, GroupsZ, ThreadsX, ThreadsY, ThreadsZ, SharedBytes;
        public IntPtr Arguments, Extra;
    }
}
