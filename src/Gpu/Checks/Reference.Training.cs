namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element ProbabilityGradient(Samples dy, Samples y) => (n, c, i, j) =>
    {
        var sum = new Total();
        for (int k = 0; k < y.Shape.C; k++)
            sum.Add(dy[n, k, i, j] * y[n, k, i, j]);
        return (dy[n, c, i, j] - sum.Sum) * y[n, c, i, j];
    };

    private static Element Sliced(ChannelSlice slice, Samples x) => (n, c, i, j) => x[n, slice.First + c, i, j];

    private static Element Scaled(Samples x, Samples factors) => (n, c, i, j) => (Estimate)x[n, c, i, j] * factors[n, c, 0, 0];

    private static Element[] Step(SgdStep step, CaseData data)
    {
        (Samples parameters, Samples gradients, Samples momenta) = (data.Before[0]!, data.Before[1]!, data.Before[2]!);
        double rate = data.Inputs[0].Values[0];
        Element momentum = (_, _, _, k) =>
            (Estimate)momenta.Values[k] * step.Momentum + gradients.Values[k] + (Estimate)parameters.Values[k] * step.WeightDecay;
        Element parameter = (n, c, i, k) => parameters.Values[k] - momentum(n, c, i, k) * rate;
        return [parameter, (_, _, _, _) => 0, momentum];
    }
}
