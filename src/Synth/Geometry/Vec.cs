namespace SpGpu.Synth.Geometry;

/// <summary>
/// A point, direction or linear colour. Of doubles and by hand: System.Numerics' vectors may add in another order
/// on another machine.
/// </summary>
internal readonly record struct Vec(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vec operator *(Vec a, double k) => new(a.X * k, a.Y * k, a.Z * k);

    public static Vec Lerp(Vec a, Vec b, double t) => a + (b - a) * t;

    public static Vec Hex(int rgb) => new(Linear(rgb >> 16), Linear(rgb >> 8 & 255), Linear(rgb & 255));

    public double Dot(Vec b) => X * b.X + Y * b.Y + Z * b.Z;

    public Vec Cross(Vec b) => new(Y * b.Z - Z * b.Y, Z * b.X - X * b.Z, X * b.Y - Y * b.X);

    public Vec Times(Vec b) => new(X * b.X, Y * b.Y, Z * b.Z);

    /// <summary>The direction; a zero vector stays zero.</summary>
    public Vec Unit() => Length is > 0 and var length ? this * (1 / length) : this;

    // Gamma 2 is close enough to sRGB and takes no power function.
    private static double Linear(int value) => value / 255.0 * (value / 255.0);
}
