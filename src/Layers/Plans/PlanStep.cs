using SpGpu.Gpu;

namespace SpGpu.Layers.Plans;

/// <summary>One operation of a plan, for profiles.</summary>
/// <param name="Layer">The layer that it comes from.</param>
/// <param name="Specification">What it computes.</param>
/// <param name="Shapes">The shapes of its inputs.</param>
/// <param name="Variant">The variant that the device picked.</param>
internal sealed record PlanStep(string Layer, Specification Specification, IReadOnlyList<Shape> Shapes, string Variant)
{
    /// <summary>Floating-point operations of one run.</summary>
    public long Operations => Specification.Operations([.. Shapes]);

    /// <summary>Bytes that one run must at least move.</summary>
    public long Bytes => Specification.Bytes([.. Shapes]);
}
