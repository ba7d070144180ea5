namespace SpGpu.Gpu;

/// <summary>
/// Adds x interpolated between rows and columns that two tables name, whatever the rule of the interpolation:
/// <c>y[n,c,i,j] += a * (p * x[r,s] + q * x[r,s+1]) + b * (p * x[r+1,s] + q * x[r+1,s+1])</c> in channel c of image n, where
/// (r, a, b) is entry i of the table of rows and (s, p, q) entry j of that of columns. Rows and columns before the first
/// and behind the last are these.
/// <para>Input: x (N,C,H,W); rows (1,1,H',3) and columns (1,1,W',3), whose first numbers are whole. Output: N,C,H',W',
/// which is read and written.</para>
/// </summary>
public sealed record AddInterpolated : Specification
{
    /// <inheritdoc/>
    public override string Name => "add interpolated";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 3);
        RequireSame(new Shape(1, 1, inputs[1].H, 3), inputs[1], "the table of rows");
        RequireSame(new Shape(1, 1, inputs[2].H, 3), inputs[2], "the table of columns");
        return [inputs[0] with { H = inputs[1].H, W = inputs[2].H }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * 10;
}
