using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.DecompositionScalars>;
using LaunchInside = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.DecompositionScalars>;
using LaunchSoftmax = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SoftmaxKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The launches of a matrix decomposition: some to start, four a step, three to end. In the gradient dy, the first of two inputs,
/// stands for x in the last improvement of the coefficients.
/// </summary>
internal sealed class MatrixDecompositionKernels : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly MatrixDecomposition _decomposition;
    private readonly DecompositionLayout _layout;
    private readonly string _name;
    private readonly LaunchInside _start, _gram;
    private readonly Launch _similarities, _coefficients, _bases, _product;
    private readonly LaunchSoftmax _softmax;

    public MatrixDecompositionKernels(KernelDevice device, MatrixDecomposition decomposition, string name, Shape input) : base(device)
    {
        (_device, _decomposition, _name) = (device, decomposition, name);
        _layout = new DecompositionLayout(input, decomposition.Rank);
        _start = device.Load<LaunchInside>(DecompositionKernels.Start);
        _gram = device.Load<LaunchInside>(DecompositionKernels.Gram);
        _similarities = device.Load<Launch>(DecompositionKernels.Similarities);
        _coefficients = device.Load<Launch>(DecompositionKernels.Coefficients);
        _bases = device.Load<Launch>(DecompositionKernels.Bases);
        _product = device.Load<Launch>(DecompositionKernels.Product);
        _softmax = device.Load<LaunchSoftmax>(SoftmaxKernels.Channels);
        device.Workspace.Reserve(_layout.Stride * input.N);
    }

    public override string Variant => _name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        (int rank, int images) = (_layout.Rank, inputs[0].Shape.N);
        ArrayView<float> x = Floats(inputs[^1]), work = Workspace;
        var s = new DecompositionScalars(new(inputs[^1]), new(outputs[0]), _decomposition.Seed, _layout);
        KernelConfig pixels = Flat(rank * _layout.Pixels, images);
        _start(Stream, Config(_device.GroupSize, rank, images), work, s);
        _similarities(Stream, pixels, x, work, s);
        _softmax(Stream, Flat(_layout.Pixels, images), work, work,
            new(s.Place(s.NextCoefficients), s.Place(s.Coefficients), rank, _layout.Pixels));
        for (int step = 0; step < _decomposition.Steps; step++)
        {
            Improve(x, work, pixels, images, ref s);
            _gram(Stream, Config(_device.GroupSize, rank * rank, images), work, s.OfRows(s.Coefficients, _layout.Pixels));
            _bases(Stream, Config(_device.GroupSize, rank * _layout.Channels, images), x, work, s);
            s = s.WithBasesSwapped();
        }
        s = s with { X = new(inputs[0]) };
        Improve(Floats(inputs[0]), work, pixels, images, ref s);
        _product(Stream, Flat(_layout.Channels * _layout.Pixels, images), Floats(outputs[0]), work, s);
    }

    private void Improve(ArrayView<float> x, ArrayView<float> work, KernelConfig pixels, int images, ref DecompositionScalars s)
    {
        _gram(Stream, Config(_device.GroupSize, s.Rank * s.Rank, images), work, s.OfRows(s.Bases, _layout.Channels));
        _coefficients(Stream, pixels, x, work, s);
        s = s.WithCoefficientsSwapped();
    }
}
