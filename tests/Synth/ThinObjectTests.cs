using SpGpu.Data;
using SpGpu.Data.Tests;

namespace SpGpu.Synth.Tests;

public class ThinObjectTests
{
    private const int Width = 192;

    private static readonly SynthOptions _options = new() { Width = Width, Height = 144, Seed = 11 };

    private static readonly Lazy<SyntheticScene[]> _scenes = new(
        () => [.. Enumerable.Range(0, 8).Select(i => SyntheticScenes.Generate(_options, i))]);

    private static readonly Lazy<SyntheticScene[]> _cut =
        new(() => [.. Enumerable.Range(0, 4).Select(i => SyntheticScenes.Generate(_options with { CutThinObjects = true }, i))]);

    [Fact]
    public void Object_map_and_labels_agree()
    {
        foreach (SyntheticScene scene in _scenes.Value.Concat(_cut.Value))
        {
            int[] pixels = new int[scene.ThinObjects.Count + 1];
            for (int i = 0; i < scene.Objects.Length; i++)
            {
                pixels[scene.Objects[i]]++;
                if (scene.Objects[i] > 0)
                    Assert.Equal((byte)scene.ThinObjects[scene.Objects[i] - 1].Class, scene.Labels.Labels[i]);
            }
            Assert.Equal(scene.ThinObjects.Select(t => t.Pixels), pixels[1..]);
        }
    }

    [Fact]
    public void Nearly_every_thin_pixel_belongs_to_an_object()
    {
        // Parts that stick into the picture with their edge only have no centre line in it and are not recorded.
        int thin = 0, recorded = 0;
        foreach (SyntheticScene scene in _scenes.Value)
        {
            thin += scene.Labels.Labels.Count(l => l is >= (byte)SynthClass.Pole and <= (byte)SynthClass.Kerb);
            recorded += scene.Objects.Count(o => o > 0);
        }
        Assert.InRange(recorded, thin * 0.97, thin);
    }

    [Fact]
    public void Labels_along_visible_centre_lines_are_those_of_the_object()
    {
        int objects = 0;
        foreach (SyntheticScene scene in _scenes.Value)
        {
            foreach (ThinObject thing in scene.ThinObjects.Where(t => t.VisibleLength > 0.9 * t.Length && t.Length > 5))
            {
                ImagePoint[] spots = [.. Along(thing)];
                int hits = spots.Count(p => scene.Labels.Labels[(int)p.Y * Width + (int)p.X] == (byte)thing.Class);
                Assert.True(hits >= 0.85 * spots.Length - 1, $"{thing.Class} at {thing.CentreLine[0]}: {hits} of {spots.Length}");
                objects++;
            }
        }
        Assert.True(objects > 40, $"{objects} objects");
        // Were lines drawn beside their objects, little of them would count as visible.
        ThinObject[] poles = [.. _scenes.Value.SelectMany(s => s.ThinObjects).Where(t => t.Class == SynthClass.Pole)];
        Assert.InRange(poles.Sum(t => t.VisibleLength) / poles.Sum(t => t.Length), 0.6, 1);
    }

    [Fact]
    public void Pixels_are_width_times_length_where_nothing_hides_them()
    {
        double pixels = 0, expected = 0;
        foreach (ThinObject thing in _scenes.Value.SelectMany(s => s.ThinObjects))
        {
            if (thing.VisibleLength < 0.98 * thing.Length || thing.Length < 15 || thing.Width > thing.Length / 5)
                continue;
            Assert.InRange(thing.Pixels / (thing.Width * thing.Length), 0.6, 1.5);
            pixels += thing.Pixels;
            expected += thing.Width * thing.Length;
        }
        Assert.InRange(pixels / expected, 0.93, 1.07);
    }

    [Fact]
    public void Angles_are_those_of_the_pixels()
    {
        int compared = 0;
        foreach (SyntheticScene scene in _scenes.Value)
        {
            for (int i = 0; i < scene.ThinObjects.Count; i++)
            {
                ThinObject thing = scene.ThinObjects[i];
                if (thing.Class != SynthClass.Pole || thing.VisibleLength < 0.95 * thing.Length || thing.Length < 10 * thing.Width
                    || thing.Length < 25 || thing.CentreLine.Count > 3)
                    continue;
                double apart = Math.Abs(thing.Angle - MainDirection(scene, i + 1));
                Assert.InRange(Math.Min(apart, 180 - apart), 0, 4);
                compared++;
            }
        }
        Assert.True(compared > 5, $"{compared} poles");
    }

    [Fact]
    public void Angles_cover_all_directions_and_no_class_keeps_to_one()
    {
        IEnumerable<SyntheticScene> more = Enumerable.Range(8, 8).Select(i => SyntheticScenes.Generate(_options, i));
        ThinObject[] all = [.. _scenes.Value.Concat(more).SelectMany(s => s.ThinObjects).Where(t => t.Length > 8)];
        int[] sectors = new int[12];
        foreach (ThinObject thing in all)
            sectors[(int)(thing.Angle / 15)]++;
        Assert.All(sectors, count => Assert.True(count >= 2, string.Join(' ', sectors)));
        foreach (IGrouping<SynthClass, ThinObject> kind in all.GroupBy(t => t.Class))
            Assert.True(kind.Select(t => (int)(t.Angle / 15)).Distinct().Count() >= 4, $"{kind.Key}");
        // Poles would be nearly all upright if nothing leaned.
        ThinObject[] poles = [.. all.Where(t => t.Class == SynthClass.Pole)];
        Assert.InRange(
            poles.Where(t => Math.Abs(t.Angle - 90) < 7.5).Sum(t => (double)t.Pixels) / poles.Sum(t => (double)t.Pixels), 0, 0.5);
    }

    [Fact]
    public void Cut_pieces_are_at_most_twice_as_long_as_wide()
    {
        ThinObject[] pieces = [.. _cut.Value.SelectMany(s => s.ThinObjects)];
        Assert.All(pieces, p => Assert.True(p.Length <= 2 * p.Width + 0.02, $"{p.Class}: {p.Length} x {p.Width}"));
        // By the pixels too, which round to whole ones: the longest side of what a piece covers, in steep views of
        // lines and kerbs as well (a rectangle of two widths by one is up to 2.24 widths long, from corner to corner).
        foreach (SyntheticScene scene in _cut.Value)
        {
            foreach (var piece in Covered(scene))
                Assert.True(piece.Value <= 2.3 * scene.ThinObjects[piece.Key - 1].Width + 2,
                    $"{scene.ThinObjects[piece.Key - 1]} covers {piece.Value}");
        }
    }

    [Fact]
    public void Cutting_leaves_thin_pixels_and_all_that_is_not_thin()
    {
        for (int s = 0; s < 4; s++)
        {
            byte[] whole = _scenes.Value[s].Labels.Labels, cut = _cut.Value[s].Labels.Labels;
            // What nothing thin hid is not hidden by pieces either, but for single pixels where their edges round.
            int[] open = [.. Enumerable.Range(0, whole.Length)
                .Where(i => whole[i] is (byte)SynthClass.Vehicle or (byte)SynthClass.Person or (byte)SynthClass.Sky)];
            Assert.InRange(open.Count(i => cut[i] != whole[i]), 0, open.Length / 200);
            double before = whole.Count(IsThin), after = cut.Count(IsThin);
            Assert.InRange(after / before, 0.3, 0.7);
        }

        static bool IsThin(byte label) => label is >= (byte)SynthClass.Pole and <= (byte)SynthClass.Kerb;
    }

    /// <summary>Points half a pixel apart along a centre line.</summary>
    private static IEnumerable<ImagePoint> Along(ThinObject thing)
    {
        for (int i = 1; i < thing.CentreLine.Count; i++)
        {
            (ImagePoint a, ImagePoint b) = (thing.CentreLine[i - 1], thing.CentreLine[i]);
            int steps = (int)Math.Ceiling(2 * Math.Max(Math.Abs(b.X - a.X), Math.Abs(b.Y - a.Y)));
            for (int k = 0; k < steps; k++)
            {
                double t = (k + 0.5) / steps;
                yield return new ImagePoint(a.X + (b.X - a.X) * t, a.Y + (b.Y - a.Y) * t);
            }
        }
    }

    /// <summary>The direction in which an object's pixels spread most, in degrees, by their second moments.</summary>
    private static double MainDirection(SyntheticScene scene, int number)
    {
        (double X, double Y)[] at = [.. Enumerable.Range(0, scene.Objects.Length).Where(i => scene.Objects[i] == number)
            .Select(i => ((double)(i % Width), (double)(-i / Width)))];
        double x = at.Average(p => p.X), y = at.Average(p => p.Y);
        double xx = at.Sum(p => (p.X - x) * (p.X - x)), yy = at.Sum(p => (p.Y - y) * (p.Y - y)), xy = at.Sum(p => (p.X - x) * (p.Y - y));
        double degrees = Math.Atan2(2 * xy, xx - yy) / 2 * 180 / Math.PI;
        return degrees < 0 ? degrees + 180 : degrees;
    }

    /// <summary>The longest distance, along rows or columns, that each object's pixels cover.</summary>
    private static Dictionary<int, int> Covered(SyntheticScene scene)
    {
        return Enumerable.Range(0, scene.Objects.Length).Where(i => scene.Objects[i] > 0).GroupBy(i => (int)scene.Objects[i])
            .ToDictionary(g => g.Key,
                g => Math.Max(g.Max(i => i % Width) - g.Min(i => i % Width), g.Max(i => i / Width) - g.Min(i => i / Width)) + 1);
    }
}
