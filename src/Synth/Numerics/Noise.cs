namespace SpGpu.Synth.Numerics;

/// <summary>Value noise on a lattice, from 0 to 1.</summary>
internal static class Noise
{
    public static double At(double x, double y, uint seed)
    {
        double left = Math.Floor(x), top = Math.Floor(y);
        double u = x - left, v = y - top;
        int i = (int)left, j = (int)top;
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        double above = Cell(i, j, seed) + (Cell(i + 1, j, seed) - Cell(i, j, seed)) * u;
        double below = Cell(i, j + 1, seed) + (Cell(i + 1, j + 1, seed) - Cell(i, j + 1, seed)) * u;
        return above + (below - above) * v;
    }

    /// <summary>The number of a cell of the lattice.</summary>
    public static double Cell(int x, int y, uint seed)
    {
        uint hash = (uint)x * 0x9E3779B1 ^ (uint)y * 0x85EBCA77 ^ seed;
        hash = (hash ^ hash >> 15) * 0x2C1B3C6D;
        hash = (hash ^ hash >> 12) * 0x297A2D39;
        return ((hash ^ hash >> 15) >> 8) * (1.0 / (1 << 24));
    }
}
