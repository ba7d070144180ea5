using SpGpu.Synth.Geometry;
using SpGpu.Synth.Street;

namespace SpGpu.Synth.Rendering;

/// <summary>Which places the sun reaches: the picture that it sees of all that throws shadows.</summary>
internal sealed class ShadowMap
{
    // Metres from edge to edge.
    private const int Reach = 90;

    private readonly int _size;
    private readonly View _view;
    private readonly Raster _raster;

    /// <param name="world">What throws shadows.</param>
    /// <param name="toSun">The direction of the sun.</param>
    /// <param name="centre">The middle of the map.</param>
    /// <param name="pixelsPerMetre">How fine it is; small pictures need less.</param>
    public ShadowMap(World world, Vec toSun, Vec centre, int pixelsPerMetre)
    {
        _size = Reach * pixelsPerMetre;
        Vec forward = toSun * -1, right = new Vec(0, 1, 0).Cross(forward).Unit();
        _view = new View
        {
            Position = centre,
            Right = right,
            Up = forward.Cross(right),
            Forward = forward,
            Focal = pixelsPerMetre,
            Width = _size,
            Height = _size,
            Perspective = false,
        };
        var casters = new Mesh();
        casters.Add(world.Solids);
        foreach (Strip strip in world.Strips.Where(s => s.Casts))
            new StripOutline(strip, _view).AddTo(casters, 0);
        _raster = new Raster(_view);
        _raster.Draw(casters, 8, 8);
    }

    /// <summary>From 0, in shadow, to 1, in the sun; what lies outside the map is in the sun.</summary>
    public double Sunlight(Vec point, Vec normal)
    {
        // Off the surface, or it would shade itself.
        Vec place = _view.Project(_view.Enter(point + normal * 0.08));
        double x = place.X - 0.5, y = place.Y - 0.5;
        if (!(x >= 0 && y >= 0 && x < _size - 1 && y < _size - 1))
            return 1;
        int column = (int)x, row = (int)y;
        double u = x - column, v = y - row;
        double key = place.Z + 0.06;
        double above = Lit(column, row, key) * (1 - u) + Lit(column + 1, row, key) * u;
        double below = Lit(column, row + 1, key) * (1 - u) + Lit(column + 1, row + 1, key) * u;
        return above * (1 - v) + below * v;
    }

    private double Lit(int column, int row, double key) => _raster.Keys[row * _size + column] > key ? 0 : 1;
}
