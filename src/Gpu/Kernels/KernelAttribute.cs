namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Marks a kernel, so that the checks of generated code find every one of them. A generic kernel carries the
/// attribute once for each list of type arguments that is used.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class KernelAttribute(params Type[] typeArguments) : Attribute
{
    /// <summary>The type arguments of this variant; empty if the kernel is not generic.</summary>
    public Type[] TypeArguments { get; } = typeArguments;

    /// <summary>The kernel promises 16-byte loads and stores of global memory.</summary>
    public bool Vectors { get; init; }

    /// <summary>The kernel needs NVIDIA's tensor cores, as devices from compute capability 8.0 on have them.</summary>
    public bool TensorCores { get; init; }
}
