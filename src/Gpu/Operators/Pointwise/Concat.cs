namespace SpGpu.Gpu;

/// <summary>
/// Joins tensors along C. A plan lets producers write straight into their slice of the result, so that this
/// operator copies only what could not be placed there.
/// <para>Inputs: any number of N,Ci,H,W. Output: N,(sum of Ci),H,W.</para>
/// </summary>
public sealed record Concat : Specification
{
    /// <inheritdoc/>
    public override string Name => "concat";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length == 0)
            throw new ShapeException("concat takes at least one input");
        Require(inputs, inputs.Length);
        int channels = 0;
        foreach (Shape input in inputs)
        {
            RequireSame(inputs[0] with { C = input.C }, input, "an input");
            channels += input.C;
        }
        return [inputs[0] with { C = channels }];
    }
}
