namespace SpGpu.Gpu;

/// <summary>
/// Carries an exponential moving average on: <c>average = average + share * (value - average)</c>.
/// <para>Inputs: the share of the new values (1,1,1,1), the values (1,1,1,n). Output: the average, updated (1,1,1,n).</para>
/// </summary>
public sealed record MovingAverage : Specification
{
    /// <inheritdoc/>
    public override string Name => "moving average";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(new Shape(1, 1, 1, 1), inputs[0], "the share");
        RequireSame(new Shape(1, 1, 1, inputs[1].W), inputs[1], "the values");
        return [inputs[1]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 3 * inputs[1].Count;
}
