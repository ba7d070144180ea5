namespace SpGpu.Checks;

/// <summary>The gradient of a norm over some numbers x, of which dy are the gradients by its results.</summary>
internal sealed class NormSlopes
{
    private readonly (Estimate Mean, Estimate Variance) _moments;
    private readonly Estimate _inverse, _gradient, _product;

    public NormSlopes(IReadOnlyList<double> dy, IReadOnlyList<double> x)
    {
        _moments = NormMoments.Of(x);
        _inverse = 1 / NormMoments.Deviation(_moments);
        (var gradients, var products) = (new Total(), new Total());
        for (int i = 0; i < x.Count; i++)
        {
            gradients.Add(dy[i]);
            products.Add(NormMoments.Normalized(x[i], _moments) * dy[i]);
        }
        (_gradient, _product) = (gradients.Sum * (1.0 / x.Count), products.Sum * (1.0 / x.Count));
    }

    /// <summary>(dy - mean(dy) - xh * mean(dy * xh)) / sqrt(variance + eps).</summary>
    public Estimate Of(double dy, double x) => (dy - _gradient - NormMoments.Normalized(x, _moments) * _product) * _inverse;
}
