namespace SpGpu.Gpu.Kernels;

/// <summary>What an element of a plane adds to the strip sums; four neighbours at once.</summary>
internal interface IStripTerm
{
    /// <summary>Whether it needs what x is multiplied by.</summary>
    static abstract bool ReadsFactor { get; }

    /// <summary>Whether it needs column + row.</summary>
    static abstract bool ReadsStrips { get; }

    /// <summary>Whether x * sigmoid(column + row) is wanted, too.</summary>
    static abstract bool Gates { get; }

    static abstract Float4 Of(Float4 x, Float4 factor, Float4 expanded);
}

/// <summary>The terms of <see cref="StripSumsKernels"/>.</summary>
internal static class StripTerms
{
    /// <summary>x itself.</summary>
    internal readonly struct Plain : IStripTerm
    {
        public static bool ReadsFactor => false;

        public static bool ReadsStrips => false;

        public static bool Gates => false;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded) => x;
    }

    /// <summary>x where column + row &gt; 0, else 0: the gradient of expand-add-relu.</summary>
    internal readonly struct ReluGradient : IStripTerm
    {
        public static bool ReadsFactor => false;

        public static bool ReadsStrips => true;

        public static bool Gates => false;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded) => new(
            expanded.X > 0f ? x.X : 0f, expanded.Y > 0f ? x.Y : 0f, expanded.Z > 0f ? x.Z : 0f, expanded.W > 0f ? x.W : 0f);
    }

    /// <summary>x * factor * s * (1 - s) with s = sigmoid(column + row): the gradient of the gate.</summary>
    internal readonly struct GateGradient : IStripTerm
    {
        public static bool ReadsFactor => true;

        public static bool ReadsStrips => true;

        public static bool Gates => true;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded)
        {
            Float4 gate = Float4.Sigmoid(expanded);
            return x * factor * (gate * (Float4.All(1f) - gate));
        }
    }
}
