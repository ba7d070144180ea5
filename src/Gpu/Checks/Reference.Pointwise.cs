using System.Collections.Immutable;

namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element Each(PointwiseKind kind, CaseData data)
    {
        Samples x = data.Inputs[0];
        return (n, c, i, j) =>
        {
            Estimate value = x[n, c, i, j];
            return kind switch
            {
                PointwiseKind.Copy => value,
                PointwiseKind.Relu => value.Relu(),
                PointwiseKind.Sigmoid => value.Sigmoid(),
                PointwiseKind.Add => value + data.Inputs[1][n, c, i, j],
                PointwiseKind.Multiply => value * data.Inputs[1][n, c, i, j],
                PointwiseKind.ReluGradient => data.Inputs[1][n, c, i, j] > 0 ? value : 0,
                _ => value * Slope(data.Inputs[1][n, c, i, j]),
            };
        };
    }

    /// <summary>The slope of the sigmoid where its value is <paramref name="s"/>.</summary>
    private static Estimate Slope(Estimate s) => s * (1 - s);

    private static Element ScaledAndShifted(Samples x, float[] weight, float[] bias) => (n, c, i, j) =>
        (Estimate)x[n, c, i, j] * weight[c] + bias[c];

    private static Element Joined(ImmutableArray<Samples> inputs) => (n, c, i, j) =>
    {
        int input = 0;
        for (; c >= inputs[input].Shape.C; input++)
            c -= inputs[input].Shape.C;
        return inputs[input][n, c, i, j];
    };

    private static Element Normalized(Samples pixels, NormalizeRgb normalize) => (n, c, i, j) =>
    {
        (int height, int width) = (pixels.Shape.H, pixels.Shape.W);
        int column = normalize.Mirrored ? width - 1 - j : j;
        // The three values of a pixel lie together, whatever the shape says.
        double value = pixels.Values[((n * height + i) * width + column) * 3 + c];
        double mean = normalize.Colours.Mean[c];
        double deviation = normalize.Colours.Deviation[c];
        return Estimate.Sum((value - mean) / deviation, (value + mean) / deviation, terms: 1);
    };
}
