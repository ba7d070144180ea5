using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.BatchNormGradientKernels.Scalars>;
using LaunchCombine = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchNormGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>Launches <see cref="BatchNormGradientKernels"/>: sums, what follows from them for each channel, dx.</summary>
internal sealed class BatchNormGradientOperation : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly BatchNormGradient _gradient;
    private readonly Launch _scalarSums, _vectorSums, _scalar, _vector;
    private readonly LaunchCombine _combine;

    public BatchNormGradientOperation(KernelDevice device, BatchNormGradient gradient, Shape input) : base(device)
    {
        _device = device;
        _gradient = gradient;
        _scalarSums = device.Load<Launch>(BatchNormGradientKernels.ScalarSums);
        _vectorSums = device.Load<Launch>(BatchNormGradientKernels.VectorSums);
        _combine = device.Load<LaunchCombine>(BatchNormGradientKernels.Combine);
        _scalar = device.Load<Launch>(BatchNormGradientKernels.Scalar);
        _vector = device.Load<Launch>(BatchNormGradientKernels.Vector);
        device.Workspace.Reserve(BatchNormGradientKernels.Slot * input.C);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor dy = ref inputs[0];
        ref readonly Tensor x = ref inputs[1];
        ref readonly Tensor mean = ref inputs[2];
        ref readonly Tensor dx = ref outputs[0];
        Shape shape = x.Shape;
        bool vector = (shape.Plane & 3) == 0 && IsAligned(dy) && IsAligned(x) && IsAligned(dx);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        var parts = new ChannelParts(shape, vector, _device.GroupSize);
        var scalars = new BatchNormGradientKernels.Scalars(
            new(dy), new(x), new(mean), new(inputs[3]), new(inputs[4]), new(dx), new(outputs[1]), new(outputs[2]),
            count, _gradient.Frozen ? 1 : 0, (float)BatchNorm.Epsilon, parts, new(shape.Plane / width));
        ArrayView<float> work = Workspace;
        (vector ? _vectorSums : _scalarSums)(Stream, Config(_device.GroupSize, parts.Count, shape.C), Floats(dy), Floats(x), Floats(mean), work, scalars);
        _combine(Stream, Config(ChannelParts.Most, shape.C), work, Floats(mean), Floats(inputs[3]), Floats(inputs[4]), Floats(outputs[1]), Floats(outputs[2]), scalars);
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(dy), Floats(x), work, Floats(dx), scalars);
    }
}
