using SpGpu.Synth.Geometry;

namespace SpGpu.Synth.Rendering;

/// <summary>
/// Draws triangles into a picture of the surface nearest to a view at one point of every pixel. Corners are rounded
/// to sixteenths of a pixel, so that the tests of what lies inside are exact and neighbours neither gap nor overlap.
/// </summary>
internal sealed class Raster(View view)
{
    private readonly float[] _keys = new float[view.Width * view.Height];
    private readonly int[] _surfaces = new int[view.Width * view.Height];

    /// <summary>The key of <see cref="View.Project"/> at every pixel.</summary>
    public ReadOnlySpan<float> Keys => _keys;

    /// <summary>The index of the surface at every pixel, -1 where there is none.</summary>
    public ReadOnlySpan<int> Surfaces => _surfaces;

    /// <summary>Draws a mesh anew, seen at the given point of each pixel (sixteenths from its corner).</summary>
    public void Draw(Mesh mesh, int offsetX, int offsetY)
    {
        Array.Fill(_keys, float.NegativeInfinity);
        Array.Fill(_surfaces, -1);
        Span<Vec> corners = stackalloc Vec[4];
        foreach (Triangle triangle in mesh.Triangles)
        {
            int count = Clip(triangle, corners);
            for (int i = 2; i < count; i++)
                Fill(corners[0], corners[i - 1], corners[i], triangle.Surface, offsetX / 16.0, offsetY / 16.0);
        }
    }

    /// <summary>The projected corners of what is left of a triangle in front of the camera.</summary>
    private int Clip(in Triangle triangle, Span<Vec> corners)
    {
        ReadOnlySpan<Vec> all = [view.Enter(triangle.A), view.Enter(triangle.B), view.Enter(triangle.C)];
        int count = 0;
        for (int i = 0; i < 3; i++)
        {
            Vec a = all[i], b = all[(i + 1) % 3];
            if (!view.IsCut(a))
                corners[count++] = Snap(view.Project(a));
            if (view.IsCut(a) != view.IsCut(b))
                corners[count++] = Snap(view.Project(Vec.Lerp(a, b, (View.Near - a.Z) / (b.Z - a.Z))));
        }
        return count;
    }

    private static Vec Snap(Vec p) => new(Math.Floor(p.X * 16 + 0.5) / 16, Math.Floor(p.Y * 16 + 0.5) / 16, p.Z);

    private void Fill(Vec a, Vec b, Vec c, int surface, double offsetX, double offsetY)
    {
        double area = (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);
        if (area == 0)
            return;
        if (area < 0)
            (b, c, area) = (c, b, -area);
        int left = First(Math.Min(a.X, Math.Min(b.X, c.X)) - offsetX, view.Width);
        int right = First(Math.Max(a.X, Math.Max(b.X, c.X)) - offsetX + 1, view.Width);
        int top = First(Math.Min(a.Y, Math.Min(b.Y, c.Y)) - offsetY, view.Height);
        int bottom = First(Math.Max(a.Y, Math.Max(b.Y, c.Y)) - offsetY + 1, view.Height);
        if (left >= right || top >= bottom)
            return;

        double keyX = ((b.Z - a.Z) * (c.Y - a.Y) - (c.Z - a.Z) * (b.Y - a.Y)) / area;
        double keyY = ((c.Z - a.Z) * (b.X - a.X) - (b.Z - a.Z) * (c.X - a.X)) / area;
        // Slivers have wild slopes; their keys must stay between those of their corners.
        float lowest = (float)Math.Min(a.Z, Math.Min(b.Z, c.Z)), highest = (float)Math.Max(a.Z, Math.Max(b.Z, c.Z));
        Edge ab = new(a, b), bc = new(b, c), ca = new(c, a);
        for (int y = top; y < bottom; y++)
        {
            double py = y + offsetY, px = left + offsetX;
            double e0 = ab.At(px, py), e1 = bc.At(px, py), e2 = ca.At(px, py);
            double key = a.Z + (px - a.X) * keyX + (py - a.Y) * keyY;
            for (int i = y * view.Width + left, end = y * view.Width + right; i < end; i++)
            {
                if (e0 >= ab.Least && e1 >= bc.Least && e2 >= ca.Least)
                {
                    float clamped = Math.Clamp((float)key, lowest, highest);
                    if (clamped > _keys[i])
                        (_keys[i], _surfaces[i]) = (clamped, surface);
                }
                e0 += ab.StepX;
                e1 += bc.StepX;
                e2 += ca.StepX;
                key += keyX;
            }
        }
    }

    /// <summary>The first pixel at or after a place, inside the picture.</summary>
    private static int First(double place, int size) => (int)Math.Clamp(Math.Ceiling(place), 0, size);

    /// <summary>A side of a triangle: positive inside; points exactly on it belong to one of its two triangles.</summary>
    private readonly struct Edge(Vec from, Vec to)
    {
        public double StepX { get; } = from.Y - to.Y;

        /// <summary>The least value that counts as inside: products of sixteenths are 0 or at least 1 / 256.</summary>
        public double Least { get; } = to.Y < from.Y || (to.Y == from.Y && to.X > from.X) ? 0 : 1.0 / 256;

        public double At(double x, double y) => (to.X - from.X) * (y - from.Y) - (to.Y - from.Y) * (x - from.X);
    }
}
