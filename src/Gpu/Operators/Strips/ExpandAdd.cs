namespace SpGpu.Gpu;

/// <summary>
/// <c>y = expand(a) + expand(b)</c>, optionally <c>relu</c> of it: a column and a row broadcast over the plane.
/// <para>Inputs: a (N,C,H,1), b (N,C,1,W). Output: N,C,H,W.</para>
/// </summary>
/// <param name="Relu">Whether negative sums become zero.</param>
public sealed record ExpandAdd(bool Relu) : Specification
{
    /// <inheritdoc/>
    public override string Name => Relu ? "expand-add-relu" : "expand-add";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        return [Expanded(Name, inputs[0], inputs[1])];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * (Relu ? 2 : 1);

    /// <summary>The shape of expand(a) + expand(b).</summary>
    internal static Shape Expanded(string name, Shape a, Shape b)
    {
        if (a.W != 1 || b.H != 1 || a.N != b.N || a.C != b.C)
            throw new ShapeException($"{name}: a column N,C,H,1 and a row N,C,1,W are needed, {a} and {b} given");
        return a with { W = b.W };
    }
}

/// <summary>
/// The gradients of <see cref="ExpandAdd"/>: <c>da[n,c,h] = sum over w of t</c>, <c>db[n,c,w] = sum over h of t</c> with
/// t = dy, or with relu t = dy where a[n,c,h] + b[n,c,w] &gt; 0 (the float32 sum, as the forward operator makes it), else 0.
/// <para>Inputs: dy (N,C,H,W); with relu also a (N,C,H,1) and b (N,C,1,W). Outputs: da (N,C,H,1), db (N,C,1,W).</para>
/// </summary>
/// <param name="Relu">Whether the forward operator had a relu.</param>
public sealed record ExpandAddGradient(bool Relu) : Specification
{
    /// <inheritdoc/>
    public override string Name => Relu ? "expand-add-relu gradient" : "expand-add gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, Relu ? 3 : 1);
        if (Relu)
            RequireSame(inputs[0], ExpandAdd.Expanded(Name, inputs[1], inputs[2]), "the expanded sum");
        return [inputs[0] with { W = 1 }, inputs[0] with { H = 1 }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * (Relu ? 4 : 2);
}
