using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Batch norm on running statistics, folded into a factor and an offset a channel.</summary>
internal sealed class BatchNormCheck : Check<BatchNorm>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new BatchNorm(3), new Shape(2, 3, 5, 7)),
        Tiny(new BatchNorm(3), new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Small(new BatchNorm(5), Shape(2, 5, plane))),
        Small(new BatchNorm(65), new Shape(3, 65, 8, 8)),
        .. Placed(Small(new BatchNorm(5), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new BatchNorm(5), new Shape(2, 5, 7, 13))),
        Large(new BatchNorm(256), new Shape(1, 256, 120, 120)),
    ];

    protected override (float[]? Weight, float[]? Bias) Parameters(BatchNorm norm, Draw draw) =>
        (draw.Floats(norm.Channels, 2f), draw.Floats(norm.Channels, 2f));

    protected override Element[] Reference(BatchNorm norm, CaseData data)
    {
        (Samples x, float[] weight, float[] bias) = (data.Inputs[0], data.Weight!, data.Bias!);
        return [(n, c, i, j) => (Estimate)x[n, c, i, j] * weight[c] + bias[c]];
    }
}
