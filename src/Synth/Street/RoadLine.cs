using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>The middle of a road, which bends: places are given by metres along it and to its right.</summary>
internal sealed class RoadLine
{
    public const int Start = -12;
    public const int End = 170;

    private readonly Vec[] _points = new Vec[End - Start + 1];
    private readonly double[] _headings = new double[End - Start + 1];

    /// <param name="bend">One over the radius at the camera.</param>
    /// <param name="change">How much that changes in a metre.</param>
    public RoadLine(double bend, double change)
    {
        for (int i = 1; i < _points.Length; i++)
        {
            double heading = _headings[i - 1];
            // Roads turn by 70 degrees at most, so that none comes back.
            double turn = Math.Clamp(bend + change * (i + Start), -1 / 32.0, 1 / 32.0);
            _headings[i] = Math.Clamp(heading + turn, -1.2, 1.2);
            _points[i] = _points[i - 1] + new Vec(Portable.Sin(heading), 0, Portable.Cos(heading));
        }
        Vec origin = _points[-Start];
        for (int i = 0; i < _points.Length; i++)
            _points[i] -= origin;
    }

    public Vec At(double along, double right, double up = 0)
    {
        (int i, double t) = Locate(along);
        return Vec.Lerp(_points[i], _points[i + 1], t) + Right(along) * right + new Vec(0, up, 0);
    }

    public double Heading(double along)
    {
        (int i, double t) = Locate(along);
        return _headings[i] + (_headings[i + 1] - _headings[i]) * t;
    }

    public Vec Right(double along) => new(Portable.Cos(Heading(along)), 0, -Portable.Sin(Heading(along)));

    public Vec Along(double along) => new(Portable.Sin(Heading(along)), 0, Portable.Cos(Heading(along)));

    private static (int Index, double Share) Locate(double along)
    {
        double place = Math.Clamp(along, Start, End - 0.001) - Start;
        return ((int)place, place - Math.Floor(place));
    }
}
