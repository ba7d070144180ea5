namespace SpGpu.Gpu;

/// <summary>
/// The gradient of <see cref="MaxPool"/>: dy of a window goes to its first largest element in row-major order (the
/// first NaN where there is one); an element gets the sum over the windows in which it is that.
/// <para>Inputs: dy (N,C,H',W'), x (N,C,H,W). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Forward">The pool.</param>
public sealed record MaxPoolGradient(MaxPool Forward) : Specification
{
    /// <inheritdoc/>
    public override string Name => $"{Forward.Name} gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(Forward.Infer(inputs[1..])[0], inputs[0], "the gradient of the output");
        return [inputs[1]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * (Forward.Kernel * Forward.Kernel + 1);
}
