namespace SpGpu.Synth;

/// <summary>A point of a picture: the centre of the pixel in column x, row y is (x + 0.5, y + 0.5).</summary>
/// <param name="X">Pixels from the left edge.</param>
/// <param name="Y">Pixels from the top edge.</param>
public readonly record struct ImagePoint(double X, double Y);

/// <summary>A thin thing as it stands in the picture.</summary>
/// <param name="Class">What it is.</param>
/// <param name="Width">Its mean width across the centre line as drawn, in pixels; never below 1.</param>
/// <param name="Length">The length of the centre line inside the picture, in pixels, hidden parts included.</param>
/// <param name="VisibleLength">How much of that length nothing else hides.</param>
/// <param name="Angle">
/// The direction from one end of the centre line to the other in degrees, 0 to below 180: 0 is level, 90 is upright,
/// 45 rises to the right.
/// </param>
/// <param name="Pixels">How many pixels it has in the object map, at least 1.</param>
/// <param name="CentreLine">The centre line inside the picture.</param>
public sealed record ThinObject(
    SynthClass Class, double Width, double Length, double VisibleLength, double Angle, int Pixels,
    IReadOnlyList<ImagePoint> CentreLine);
