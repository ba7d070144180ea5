namespace SpGpu.Gpu.Checks;

/// <summary>
/// A tensor on the host. What an input of a case holds are floats or bytes; the gradient tests take doubles between
/// them.
/// </summary>
/// <param name="Values">The elements in the order of memory.</param>
/// <param name="Shape">N, C, H, W.</param>
public sealed record Samples(double[] Values, Shape Shape)
{
    /// <summary>The element at (n, c, i, j).</summary>
    public double this[int n, int c, int i, int j] => Values[((n * Shape.C + c) * Shape.H + i) * Shape.W + j];
}
