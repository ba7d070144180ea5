using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Rendering;

/// <summary>Measures thin things in the picture and numbers those that are seen.</summary>
internal static class ThinRecorder
{
    /// <summary>Records the things of <paramref name="strips"/> and renumbers <paramref name="objects"/> to match.</summary>
    /// <param name="strips">Thing 1 + i is the strip at i.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="objects">The thing at every pixel, 0 for none.</param>
    public static List<ThinObject> Record(IReadOnlyList<Strip> strips, View camera, int[] objects)
    {
        int[] pixels = new int[strips.Count + 1], numbers = new int[strips.Count + 1];
        foreach (int thing in objects)
            pixels[thing]++;
        var seen = new List<ThinObject>();
        for (int i = 0; i < strips.Count; i++)
        {
            if (pixels[i + 1] == 0 || !strips[i].IsThinObject || seen.Count == ushort.MaxValue)
                continue;
            List<Sample> run = LongestRun(strips[i], camera, objects, i + 1);
            if (run.Count < 2)
                continue;
            seen.Add(Describe(strips[i].Class, run, pixels[i + 1]));
            numbers[i + 1] = seen.Count;
        }
        for (int p = 0; p < objects.Length; p++)
            objects[p] = numbers[objects[p]];
        return seen;
    }

    /// <summary>The longest part of a centre line inside the picture, sampled at least once a pixel.</summary>
    private static List<Sample> LongestRun(Strip strip, View camera, int[] objects, int thing)
    {
        var outline = new StripOutline(strip, camera);
        List<Sample> best = [], run = [];
        for (int i = 0; i + 1 < strip.Points.Count; i++)
        {
            if (!outline.IsDrawn(i))
            {
                run = [];
                continue;
            }
            Vec from = outline.Entered[i], to = outline.Entered[i + 1];
            (double widthA, double widthB) = (outline.Widths[i], outline.Widths[i + 1]);
            // Widths go as one over depth, so they are known at the near plane as well.
            if (camera.IsCut(from))
                (from, widthA) = (Vec.Lerp(from, to, (View.Near - from.Z) / (to.Z - from.Z)), widthB * to.Z / View.Near);
            else if (camera.IsCut(to))
                (to, widthB) = (Vec.Lerp(to, from, (View.Near - to.Z) / (from.Z - to.Z)), widthA * from.Z / View.Near);
            Vec a = camera.Project(from), b = camera.Project(to);
            int steps = (int)Math.Clamp(Math.Ceiling(new Vec(b.X - a.X, b.Y - a.Y, 0).Length), 1, 20_000);
            for (int k = run.Count == 0 ? 0 : 1; k <= steps; k++)
            {
                double t = (double)k / steps, x = a.X + (b.X - a.X) * t, y = a.Y + (b.Y - a.Y) * t;
                if (!(x >= 0 && y >= 0 && x < camera.Width && y < camera.Height))
                {
                    run = [];
                    continue;
                }
                bool visible = objects[(int)y * camera.Width + (int)x] == thing;
                run.Add(new Sample(x, y, widthA + (widthB - widthA) * t, visible, k == 0 || k == steps));
                if (run.Count > best.Count)
                    best = run;
            }
        }
        return best;
    }

    private static ThinObject Describe(SynthClass kind, List<Sample> run, int pixels)
    {
        double length = 0, visible = 0;
        for (int i = 1; i < run.Count; i++)
        {
            double step = Math.Sqrt(Square(run[i].X - run[i - 1].X) + Square(run[i].Y - run[i - 1].Y));
            length += step;
            visible += run[i].Visible ? step : 0;
        }
        IEnumerable<Sample> measured = run.Any(s => s.Visible) ? run.Where(s => s.Visible) : run;
        ImagePoint[] line =
        [
            .. run.Where((s, i) => s.Corner || i == 0 || i == run.Count - 1)
                .Select(s => new ImagePoint(Math.Round(s.X, 2), Math.Round(s.Y, 2))),
        ];
        double angle = Portable.LineAngle(run[^1].X - run[0].X, run[0].Y - run[^1].Y);
        return new ThinObject(kind, Math.Round(measured.Average(s => s.Width), 2), Math.Round(length, 2),
            Math.Round(visible, 2), angle, pixels, line);
    }

    private static double Square(double x) => x * x;

    private readonly record struct Sample(double X, double Y, double Width, bool Visible, bool Corner);
}
