namespace SpGpu.Gpu;

/// <summary>
/// <c>y = relu(s0 + up(s1) + up(s2))</c>, up = bilinear with aligned corners to the plane of s0: the pyramid half
/// of the mixed pooling module in one pass.
/// <para>Inputs: s0 (N,C,H,W), s1 (N,C,H1,W1), s2 (N,C,H2,W2). Output: N,C,H,W.</para>
/// </summary>
public sealed record UpsampleAddRelu : Specification
{
    /// <inheritdoc/>
    public override string Name => "upsample-add-relu";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 3);
        for (int i = 1; i < 3; i++)
        {
            if (inputs[i].N != inputs[0].N || inputs[i].C != inputs[0].C)
                throw new ShapeException($"{Name}: {inputs[i]} and {inputs[0]} differ in images or channels");
        }
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 17;
}
