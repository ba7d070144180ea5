using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>
/// Dropout of whole channels. At inference it is the identity and the compiler removes it, so devices have no
/// operator for it.
/// </summary>
/// <param name="Probability">The probability that a channel is dropped, in [0, 1).</param>
internal sealed record Dropout2d(double Probability) : Specification
{
    public override string Name => "dropout2d";

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Probability is not (>= 0 and < 1))
            throw new ShapeException(FormattableString.Invariant($"dropout2d: a probability of {Probability} is not in [0, 1)"));
        return [inputs[0]];
    }
}
