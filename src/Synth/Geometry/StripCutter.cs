namespace SpGpu.Synth.Geometry;

/// <summary>
/// Cuts strips into pieces at most twice as long as they are wide where the camera sees them. The cuts are square to
/// the centre line in the picture: cut square to it in the world, a band seen at a slant would end in long points.
/// </summary>
internal static class StripCutter
{
    // A little less than 2, for what the corners of pixels add.
    private const double LengthPerWidth = 1.85;

    /// <summary>The pieces, with gaps of the same length; what the camera cannot see goes.</summary>
    public static IEnumerable<Strip> Cut(Strip strip, View view)
    {
        var piece = new List<Spot>();
        double length = 0, gap = 0, least = 0;
        Spot last = default;
        foreach (Spot spot in Walk(strip, view))
        {
            double step = Distance(last, spot);
            if (gap > 0)
                gap -= step;
            else if (piece.Count == 0)
                (length, least, piece) = (0, spot.Width, [spot]);
            else
            {
                least = Math.Min(least, spot.Width);
                if (spot.Starts || length + step > LengthPerWidth * least)
                {
                    if (Make(strip, view, piece) is { } made)
                        yield return made;
                    piece.Clear();
                    gap = spot.Starts ? 0 : length;
                }
                else
                {
                    length += step;
                    piece.Add(spot);
                }
            }
            last = spot;
        }
        if (Make(strip, view, piece) is { } end)
            yield return end;
    }

    /// <summary>Spots along the drawn stretches, a fraction of the width apart.</summary>
    private static IEnumerable<Spot> Walk(Strip strip, View view)
    {
        var outline = new StripOutline(strip, view);
        bool starts = true;
        for (int i = 0; i + 1 < strip.Points.Count; i++)
        {
            if (!outline.IsDrawn(i) || outline.Widths[i] == 0 || outline.Widths[i + 1] == 0)
            {
                starts = true;
                continue;
            }
            double nearA = outline.Entered[i].Z, nearB = outline.Entered[i + 1].Z;
            Vec a = view.Project(outline.Entered[i]), b = view.Project(outline.Entered[i + 1]);
            double step = Math.Min(outline.Widths[i], outline.Widths[i + 1]) / 4;
            int steps = (int)Math.Clamp(Math.Ceiling(new Vec(b.X - a.X, b.Y - a.Y, 0).Length / step), 1, 4000);
            for (int k = 0; k <= steps; k++)
            {
                double t = (double)k / steps;
                // Even steps in the picture are uneven ones in the world.
                double along = t * nearA / (t * nearA + (1 - t) * nearB);
                yield return new Spot(i, along, a.X + (b.X - a.X) * t, a.Y + (b.Y - a.Y) * t,
                    outline.Widths[i] + (outline.Widths[i + 1] - outline.Widths[i]) * t, starts);
                starts = false;
            }
        }
    }

    /// <summary>The piece; null where nothing is left of it, or where a sharp turn of the line makes it too slim.</summary>
    private static Strip? Make(Strip strip, View view, List<Spot> piece)
    {
        if (piece.Count < 2)
            return null;
        double Share(Spot s) => (s.Segment + s.Along) / (strip.Points.Count - 1);
        Vec Between(IReadOnlyList<Vec> of, Spot s) => Vec.Lerp(of[s.Segment], of[s.Segment + 1], s.Along);
        // Where stretches meet, the same spot comes twice, and a tube has no direction between the two.
        Spot[] spots = [.. piece.Where((s, i) => i == 0 || Distance(piece[i - 1], s) > 1e-6)];
        if (spots.Length < 2)
            spots = [piece[0], piece[^1]];
        double width = strip.WidthAt(Share(spots[0]));
        Strip made = strip with
        {
            Points = [.. spots.Select(s => Between(strip.Points, s))],
            Across = strip.Across is { } across ? [.. spots.Select(s => Squared(view, strip, s, Between(across, s).Unit()))] : null,
            Width = width,
            Taper = strip.WidthAt(Share(spots[^1])) / width,
        };
        double length = spots.Zip(spots.Skip(1), Distance).Sum();
        return length <= 2 * new StripOutline(made, view).Widths.Min() ? made : null;
    }

    /// <summary>
    /// The direction across a band, sheared along the band until the picture shows it square to the centre line.
    /// </summary>
    private static Vec Squared(View view, Strip strip, Spot spot, Vec across)
    {
        Vec from = strip.Points[spot.Segment], to = strip.Points[spot.Segment + 1], along = (to - from).Unit();
        Vec at = Vec.Lerp(from, to, spot.Along);
        Vec tangent = Shift(view, at, along), sideways = Shift(view, at, across);
        return across - along * (sideways.Dot(tangent) / tangent.Dot(tangent));
    }

    /// <summary>How far a place moves in the picture, in pixels for a metre, by a small step in the world.</summary>
    private static Vec Shift(View view, Vec at, Vec step)
    {
        Vec a = view.Project(view.Enter(at - step * 0.001)), b = view.Project(view.Enter(at + step * 0.001));
        return new Vec(b.X - a.X, b.Y - a.Y, 0) * 500;
    }

    private static double Distance(Spot a, Spot b) => new Vec(b.X - a.X, b.Y - a.Y, 0).Length;

    /// <summary>A place on a strip; <c>Starts</c> where nothing drawn comes before it.</summary>
    private readonly record struct Spot(int Segment, double Along, double X, double Y, double Width, bool Starts);
}
