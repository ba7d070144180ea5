using ILGPU;
using AddSlices = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SliceSums.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ChannelSumsKernel.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>Launches <see cref="ChannelSumsKernel"/>, then adds its partial sums to the output.</summary>
internal sealed class ChannelSumsOperation : KernelOperation
{
    /// <summary>Elements of a plane that a group sums: enough for a few dozen a thread.</summary>
    private const int Piece = 8192;

    private readonly KernelDevice _device;
    private readonly Launch _launch;
    private readonly AddSlices _addSlices;
    private readonly int _pieces;

    public ChannelSumsOperation(KernelDevice device, Shape input) : base(device)
    {
        _device = device;
        _launch = device.Load<Launch>(ChannelSumsKernel.Run);
        _addSlices = device.Load<AddSlices>(SliceSums.Run);
        _pieces = Groups(input.Plane, Piece);
        device.Workspace.Reserve(_pieces * input.N * input.C);
    }

    public override string Variant => "channel sums";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor gradient = ref inputs[0];
        Shape shape = gradient.Shape;
        ArrayView<float> partial = ((KernelMemory)_device.Workspace.Memory).Floats;
        _launch(Stream, Config(_device.GroupSize, _pieces, shape.C, shape.N), Floats(gradient), partial,
            new(new(gradient), shape.C, shape.Plane, Piece));
        _addSlices(Stream, Config(_device.GroupSize, Groups(shape.C, SliceSums.Lanes)), partial, Floats(outputs[0]),
            new(new(outputs[0]), shape.C, shape.C, _pieces * shape.N));
    }
}
