using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Pixels to the input of a network.</summary>
internal sealed class NormalizeRgbCheck : Check<NormalizeRgb>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new NormalizeRgb(ColourStatistics.ImageNet), new Shape(1, 3, 5, 7)),
        .. Planes.Select(plane => Small(new NormalizeRgb(ColourStatistics.ImageNet), Shape(2, 3, plane))),
        .. Placed(Small(new NormalizeRgb(ColourStatistics.ImageNet), new Shape(2, 3, 8, 12))),
        .. Placed(Small(new NormalizeRgb(ColourStatistics.ImageNet), new Shape(2, 3, 7, 13))),
        Small(new NormalizeRgb(new ColourStatistics([0, 127.5f, -3], [255, 127.5f, 0.25f])), new Shape(2, 3, 6, 9)),
        Large(new NormalizeRgb(ColourStatistics.ImageNet), new Shape(1, 3, 480, 480)),
    ];

    protected override Element[] Reference(NormalizeRgb normalize, CaseData data)
    {
        Samples pixels = data.Inputs[0];
        (int height, int width) = (pixels.Shape.H, pixels.Shape.W);
        return
        [
            (n, c, i, j) =>
            {
                // The three values of a pixel lie together, whatever the shape says.
                double value = pixels.Values[((n * height + i) * width + j) * 3 + c];
                double mean = normalize.Colours.Mean[c];
                double deviation = normalize.Colours.Deviation[c];
                return Estimate.Sum((value - mean) / deviation, (value + mean) / deviation, terms: 1);
            },
        ];
    }
}
