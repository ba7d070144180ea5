using System.Runtime.InteropServices;

namespace SpGpu.CudaDriver;

/// <summary>Calls about captured graphs.</summary>
internal static unsafe class GraphCalls
{
    private const int SetDependencies = 1, KernelNode = 0, OtherNode = 5, Capturing = 1;

    private sealed record Executable(CudaGraph Graph);

    [UnmanagedCallersOnly(EntryPoint = "cuStreamBeginCapture_v2")]
    public static int Begin(IntPtr stream, int mode) => Driver.Call("cuStreamBeginCapture", () =>
    {
        CudaStream captured = Driver.Get<CudaStream>(stream);
        if (captured.Capture is not null)
            throw new CudaException(CudaError.IllegalState, "the stream is captured already");
        captured.Dependencies.Clear();
        captured.Capture = new CudaGraph();
    });

    [UnmanagedCallersOnly(EntryPoint = "cuStreamEndCapture")]
    public static int End(IntPtr stream, IntPtr* graph) => Driver.Call("cuStreamEndCapture", () =>
    {
        CudaStream captured = Driver.Get<CudaStream>(stream);
        *graph = Driver.Handle(captured.Capture ?? throw new CudaException(CudaError.IllegalState, "the stream is not captured"));
        captured.Capture = null;
    });

    [UnmanagedCallersOnly(EntryPoint = "cuStreamGetCaptureInfo_v2")]
    public static int Information(IntPtr stream, int* status, ulong* id, IntPtr* graph, IntPtr** dependencies, nuint* count) =>
        Driver.Call("cuStreamGetCaptureInfo", () =>
        {
            CudaStream captured = Driver.Get<CudaStream>(stream);
            *status = captured.Capture is null ? 0 : Capturing;
            captured.SetHandles();
            *dependencies = captured.Handles;
            *count = (nuint)captured.Dependencies.Count;
        });

    [UnmanagedCallersOnly(EntryPoint = "cuStreamUpdateCaptureDependencies")]
    public static int Update(IntPtr stream, IntPtr* dependencies, nuint count, uint flags) =>
        Driver.Call("cuStreamUpdateCaptureDependencies", () =>
        {
            CudaStream captured = Driver.Get<CudaStream>(stream);
            if (captured.Capture is null)
                throw new CudaException(CudaError.IllegalState, "the stream is not captured");
            if (flags == SetDependencies)
                captured.Dependencies.Clear();
            for (int n = 0; n < (int)count; n++)
                captured.Dependencies.Add(Driver.Get<Work>(dependencies[n]));
        });

    [UnmanagedCallersOnly(EntryPoint = "cuGraphInstantiateWithFlags")]
    public static int Instantiate(IntPtr* executable, IntPtr graph, ulong flags) => Driver.Call("cuGraphInstantiateWithFlags", () =>
        *executable = Driver.Handle(new Executable(Driver.Get<CudaGraph>(graph).Copy())));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphLaunch")]
    public static int Launch(IntPtr executable, IntPtr stream) => Driver.Call("cuGraphLaunch", () =>
        CudaStream.Find(stream).Enqueue(new Work(Driver.Get<Executable>(executable).Graph.Run)));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphDestroy")]
    public static int Destroy(IntPtr graph) => Driver.Call("cuGraphDestroy", () =>
    {
        foreach (Work work in Driver.Remove<CudaGraph>(graph).Works)
            Driver.Remove<Work>(work.Handle);
    });

    [UnmanagedCallersOnly(EntryPoint = "cuGraphExecDestroy")]
    public static int DestroyExecutable(IntPtr executable) =>
        Driver.Call("cuGraphExecDestroy", () => Driver.Remove<Executable>(executable));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphGetNodes")]
    public static int Nodes(IntPtr graph, IntPtr* nodes, nuint* count) => Driver.Call("cuGraphGetNodes", () =>
    {
        IReadOnlyList<Work> works = Driver.Get<CudaGraph>(graph).Works;
        for (int n = 0; nodes != null && n < Math.Min(works.Count, (int)*count); n++)
            nodes[n] = works[n].Handle;
        *count = (nuint)works.Count;
    });

    [UnmanagedCallersOnly(EntryPoint = "cuGraphNodeGetType")]
    public static int Type(IntPtr node, int* type) => Driver.Call("cuGraphNodeGetType", () =>
        *type = Driver.Get<Work>(node).Launch is null ? OtherNode : KernelNode);

    [UnmanagedCallersOnly(EntryPoint = "cuGraphKernelNodeGetParams")]
    public static int Parameters(IntPtr node, NodeParameters* parameters) => Driver.Call("cuGraphKernelNodeGetParams", () =>
    {
        LaunchParameters launch = Driver.Get<Work>(node).Launch ?? throw new CudaException(CudaError.InvalidValue, "no launch");
        *parameters = new NodeParameters
        {
            Function = launch.Function,
            GroupsX = launch.Groups.X,
            GroupsY = launch.Groups.Y,
            GroupsZ = launch.Groups.Z,
            ThreadsX = launch.Threads.X,
            ThreadsY = launch.Threads.Y,
            ThreadsZ = launch.Threads.Z,
            SharedBytes = launch.DynamicShared,
        };
    });

    /// <summary>CUDA_KERNEL_NODE_PARAMS; values of parameters are not told.</summary>
    internal struct NodeParameters
    {
        public IntPtr Function;
        public uint GroupsX, GroupsY, GroupsZ, ThreadsX, ThreadsY, ThreadsZ, SharedBytes;
        public IntPtr Arguments, Extra;
    }
}
