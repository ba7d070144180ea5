using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Which class prepares an operator on either kind of device; each family enters its own.</summary>
internal sealed class OperatorRegister
{
    private readonly Dictionary<Type, OperatorEntry> _entries = [];

    private OperatorRegister()
    {
        ConvolutionFamily.Register(this);
        StripFamily.Register(this);
        PoolingFamily.Register(this);
        ResamplingFamily.Register(this);
        NormFamily.Register(this);
        PointwiseFamily.Register(this);
        DecompositionFamily.Register(this);
        LossFamily.Register(this);
        OptimizerFamily.Register(this);
        PictureFamily.Register(this);
    }

    /// <summary>All operators.</summary>
    public static OperatorRegister All { get; } = new();

    /// <summary>Prepares an operator without parameters of its own for GPUs.</summary>
    public delegate Operation KernelFactory<T>(KernelDevice device, T specification, ReadOnlySpan<Shape> inputs);

    /// <summary>Prepares an operator without parameters of its own for the CPU.</summary>
    public delegate Operation SimdFactory<T>(SimdDevice device, T specification, ReadOnlySpan<Shape> inputs);

    /// <summary>Puts the parameters of an operator into the memory of a device.</summary>
    public delegate PackedWeights Packer<TDevice, T>(TDevice device, T specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias);

    /// <summary>Prepares an operator with packed parameters.</summary>
    public delegate Operation PackedFactory<TDevice, T>(TDevice device, T specification, ReadOnlySpan<Shape> inputs, PackedWeights weights);

    /// <summary>Enters an operator.</summary>
    public void Add<T>(KernelFactory<T> kernels, SimdFactory<T> simd)
        where T : Specification =>
        _entries.Add(typeof(T), new OperatorEntry(
            (device, specification, inputs, _) => kernels(device, (T)specification, inputs),
            (device, specification, inputs, _) => simd(device, (T)specification, inputs)));

    /// <summary>Enters an operator with parameters that are packed beforehand.</summary>
    public void Add<T>(
        Packer<KernelDevice, T> packKernels, PackedFactory<KernelDevice, T> kernels,
        Packer<SimdDevice, T> packSimd, PackedFactory<SimdDevice, T> simd)
        where T : Specification =>
        _entries.Add(typeof(T), new OperatorEntry(
            (device, specification, inputs, weights) => kernels(device, (T)specification, inputs, weights!),
            (device, specification, inputs, weights) => simd(device, (T)specification, inputs, weights!))
        {
            PackKernels = (device, specification, weight, bias) => packKernels(device, (T)specification, weight, bias),
            PackSimd = (device, specification, weight, bias) => packSimd(device, (T)specification, weight, bias),
        });

    /// <summary>The entry of an operator.</summary>
    /// <exception cref="ShapeException">Devices have no such operator.</exception>
    public OperatorEntry Of(Specification specification) => _entries.GetValueOrDefault(specification.GetType())
        ?? throw new ShapeException($"devices have no operator '{specification.Name}'");
}
