using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>An operator of the kernel set: launches that are compiled when it is made.</summary>
internal abstract class KernelOperation(KernelDevice device) : Operation
{
    /// <summary>CUDA's limit for the second and third axis of a grid.</summary>
    public const int MostAlongAxis = 65535;

    private readonly KernelDevice _device = device;

    protected AcceleratorStream Stream => _device.Stream;

    /// <summary>The device's scratch memory, as long as the operator reserved.</summary>
    protected ArrayView<float> Workspace => ((KernelMemory)_device.Workspace.Memory).Floats.SubView(WorkspaceOffset);

    private protected sealed override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        _device.Driver.Call(DriverCall.Launch, this, new Launch(this, inputs, outputs), static launch => launch.Run());
    }

    /// <summary>Launches the kernels, for a driver that wants to know what tensors they are given.</summary>
    private void SubmitTold(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var workspace = WorkspaceLength > 0 ? (KernelMemory)_device.Workspace.Memory : null;
        CudaTensors.Begin(Variant, inputs, outputs, Specification, workspace, WorkspaceOffset, WorkspaceLength);
        try
        {
            Submit(inputs, outputs);
        }
        finally
        {
            CudaTensors.End();
        }
    }

    /// <summary>Launches the kernels.</summary>
    protected abstract void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs);

    /// <summary>Threads for <paramref name="items"/> items of each image; the kernel checks the index.</summary>
    protected KernelConfig Flat(int items, int images) => Config(_device.GroupSize, Groups(items, _device.GroupSize), images);

    /// <summary>Groups of one size in a grid.</summary>
    public static KernelConfig Config(int groupSize, int x, int y = 1, int z = 1) =>
        new(new Index3D(x, y, z), new Index3D(groupSize, 1, 1));

    /// <summary>How many groups cover the items.</summary>
    public static int Groups(int items, int size) => (int)(((long)items + size - 1) / size);

    /// <summary>The block of a tensor of floats.</summary>
    protected ArrayView<float> Floats(in Tensor tensor) => Memory(tensor).Floats;

    /// <summary>The block of a tensor of bytes.</summary>
    protected ArrayView<byte> Bytes(in Tensor tensor) => Memory(tensor).Bytes;

    /// <summary>Whether every image of the tensor starts at a multiple of four floats.</summary>
    protected static bool IsAligned(in Tensor tensor) =>
        ((tensor.Offset | (tensor.Shape.N > 1 ? tensor.BatchStride : 0)) & 3) == 0;

    /// <summary>Whether every image of all tensors starts at a multiple of four floats.</summary>
    protected static bool AreAligned(ReadOnlySpan<Tensor> tensors)
    {
        foreach (ref readonly Tensor tensor in tensors)
        {
            if (!IsAligned(tensor))
                return false;
        }
        return true;
    }

    private readonly ref struct Launch(KernelOperation operation, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        private readonly ReadOnlySpan<Tensor> _inputs = inputs, _outputs = outputs;

        public void Run()
        {
            if (CudaTensors.AreWanted && operation.Stream is CudaStream)
                operation.SubmitTold(_inputs, _outputs);
            else
                operation.Submit(_inputs, _outputs);
        }
    }

    private KernelMemory Memory(in Tensor tensor) => tensor.Memory is KernelMemory memory && memory.Device == _device
        ? memory
        : throw new DeviceException($"{_device.Name}: {Variant} was given a tensor of another device; copy it through the host first");
}
