namespace SpGpu.Gpu.Profiling;

/// <summary>One kernel of a sequence that is to be timed.</summary>
/// <param name="Layer">What it is part of.</param>
/// <param name="Kernel">The operator and the variant that the device picked.</param>
/// <param name="Operations">Floating-point operations of one run; a multiply-add is two.</param>
/// <param name="Bytes">Bytes that one run must at least move.</param>
internal sealed record ProfileStep(string Layer, string Kernel, long Operations, long Bytes)
{
    /// <summary>Its launches, where the driver tells of them.</summary>
    public IReadOnlyList<KernelLaunch> Launches { get; init; } = [];
}
