namespace SpGpu.Gpu;

/// <summary>
/// A non-negative matrix factorisation (Lee and Seung, NIPS 2000) as the hamburger of Geng et al. (ICLR 2021) has it. With X the
/// channels by the pixels of an image, D its bases (channels by rank) and C the coefficients (rank by pixels): D begins as
/// <see cref="Bases"/>, C as the softmax of D^T X over the rank; each step takes
/// <c>C *= (D^T X) / (D^T D C + 1e-6)</c>, then <c>D *= (X C^T) / (D C C^T + 1e-6)</c> with the new C; at the end C is taken
/// once more, and y = D C.
/// <para>Input: x (N,C,H,W), nowhere below 0. Output: N,C,H,W.</para>
/// </summary>
/// <param name="Rank">Columns of D.</param>
/// <param name="Steps">Steps from the first bases on, 1 or more.</param>
/// <param name="Seed">What the bases are drawn from.</param>
public sealed record MatrixDecomposition(int Rank, int Steps, ulong Seed) : Specification
{
    /// <summary>What is added to what is divided by.</summary>
    internal const float Epsilon = 1e-6f;

    /// <summary>The least length of a column of the bases before it is brought to 1.</summary>
    internal const float ShortestColumn = 1e-12f;

    /// <inheritdoc/>
    public override string Name => "matrix decomposition";

    /// <summary>
    /// The bases before the first step, channels by rank: element i, from 0 on, is number i + 1 of splitmix64's stream from the
    /// seed, as a number in [0, 1); then each column is divided by its length.
    /// </summary>
    public float[] Bases(int channels)
    {
        var bases = new float[channels * Rank];
        for (int column = 0; column < Rank; column++)
        {
            double squares = 0;
            for (int c = 0; c < channels; c++)
                squares += Uniform(c * Rank + column) * Uniform(c * Rank + column);
            double length = Math.Max(Math.Sqrt(squares), ShortestColumn);
            for (int c = 0; c < channels; c++)
                bases[c * Rank + column] = (float)(Uniform(c * Rank + column) / length);
        }
        return bases;
    }

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Rank is < 1 or > 1024 || Steps is < 1 or > 1024)
            throw new ShapeException($"{Name}: rank {Rank} and {Steps} steps; both must lie between 1 and 1024");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs)
    {
        Shape x = inputs[0];
        long product = 2L * Rank * x.Count, gram = 2L * Rank * Rank * x.N * (x.C + x.Plane);
        return (2 * Steps + 3) * product + (2 * Steps + 1) * gram;
    }

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} r{Rank} s{Steps}");

    private double Uniform(int index) => SplitMix64.ToUnit(SplitMix64.Mix(Seed + (ulong)(index + 1) * SplitMix64.Step));
}

/// <summary>
/// The gradient of <see cref="MatrixDecomposition"/> as far as its last improvement of C goes, with what comes before as constants:
/// the one-step gradient of Geng et al., whose training through all steps is unstable. With D the last bases, C the coefficients
/// before their last improvement, <c>dx = D (C * (D^T dy) / (D^T D C + 1e-6))</c>.
/// <para>Inputs: dy and x (N,C,H,W each; x nowhere below 0). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Forward">The decomposition.</param>
public sealed record MatrixDecompositionGradient(MatrixDecomposition Forward) : Specification
{
    /// <inheritdoc/>
    public override string Name => "matrix decomposition gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(inputs[0], inputs[1], "x");
        return Forward.Infer(inputs[1..]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Forward.Operations(inputs[1..]);

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} r{Forward.Rank} s{Forward.Steps}");
}
