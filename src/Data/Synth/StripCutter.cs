namespace SpGpu.Data.Synth;

/// <summary>Cuts strips into pieces at most twice as long as they are wide where the camera sees them.</summary>
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
                    if (piece.Count > 1)
                        yield return Make(strip, piece);
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
        if (piece.Count > 1)
            yield return Make(strip, piece);
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

    private static Strip Make(Strip strip, List<Spot> piece)
    {
        double Share(Spot s) => (s.Segment + s.Along) / (strip.Points.Count - 1);
        Vec Between(IReadOnlyList<Vec> of, Spot s) => Vec.Lerp(of[s.Segment], of[s.Segment + 1], s.Along);
        // Where stretches meet, the same spot comes twice, and a tube has no direction between the two.
        Spot[] spots = [.. piece.Where((s, i) => i == 0 || Distance(piece[i - 1], s) > 1e-6)];
        if (spots.Length < 2)
            spots = [piece[0], piece[^1]];
        double width = strip.WidthAt(Share(spots[0]));
        return strip with
        {
            Points = [.. spots.Select(s => Between(strip.Points, s))],
            Across = strip.Across is { } across ? [.. spots.Select(s => Between(across, s).Unit())] : null,
            Width = width,
            Taper = strip.WidthAt(Share(spots[^1])) / width,
        };
    }

    private static double Distance(Spot a, Spot b) => new Vec(b.X - a.X, b.Y - a.Y, 0).Length;

    /// <summary>A place on a strip; <c>Starts</c> where nothing drawn comes before it.</summary>
    private readonly record struct Spot(int Segment, double Along, double X, double Y, double Width, bool Starts);
}
