namespace SpGpu.Gpu;

/// <summary>
/// <c>y = x * sigmoid(expand(a) + expand(b))</c> in one pass, without a N,C,H,W intermediate: a gate for networks
/// of one's own (SPNet itself has a 1x1 convolution between the two: see <see cref="Convolution.ExpandAddRelu"/>).
/// <para>Inputs: x (N,C,H,W), a (N,C,H,1), b (N,C,1,W). Output: N,C,H,W.</para>
/// </summary>
public sealed record StripGate : Specification
{
    /// <inheritdoc/>
    public override string Name => "strip gate";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 3);
        RequireSame(inputs[0], ExpandAdd.Expanded(Name, inputs[1], inputs[2]), "the expanded gate");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 5;
}

/// <summary>
/// The gradients of <see cref="StripGate"/>. With s = sigmoid(expand(a) + expand(b)) and t = dy * x * s * (1 - s):
/// <c>dx = dy * s</c>, <c>da[n,c,h] = sum over w of t</c>, <c>db[n,c,w] = sum over h of t</c>.
/// <para>Inputs: dy and x (N,C,H,W), a (N,C,H,1), b (N,C,1,W). Outputs: dx (N,C,H,W), da (N,C,H,1), db (N,C,1,W).</para>
/// </summary>
public sealed record StripGateGradient : Specification
{
    /// <inheritdoc/>
    public override string Name => "strip gate gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 4);
        RequireSame(inputs[0], inputs[1], "x");
        RequireSame(inputs[0], ExpandAdd.Expanded(Name, inputs[2], inputs[3]), "the expanded gate");
        return [inputs[0], inputs[2], inputs[3]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 11;
}
