using SpGpu.Synth.Geometry;

namespace SpGpu.Synth.Street;

/// <summary>All that stands in a scene.</summary>
internal sealed class World
{
    private readonly List<(double Along, double Right, double HalfLength, double HalfWidth)> _taken = [];

    /// <summary>What lies flat and throws no shadow.</summary>
    public Mesh Ground { get; } = new();

    /// <summary>What stands up.</summary>
    public Mesh Solids { get; } = new();

    /// <summary>What is long; drawn anew for each view, which it faces.</summary>
    public List<Strip> Strips { get; } = [];

    /// <summary>Takes a place on the street, by metres along and to the right; false if something stands there.</summary>
    public bool TryTake(double along, double right, double length, double width)
    {
        foreach ((double a, double r, double halfLength, double halfWidth) in _taken)
        {
            if (Math.Abs(a - along) < halfLength + length / 2 && Math.Abs(r - right) < halfWidth + width / 2)
                return false;
        }
        _taken.Add((along, right, length / 2, width / 2));
        return true;
    }

    /// <summary>Cuts every strip that can be cut.</summary>
    public void Cut(View camera)
    {
        Strip[] whole = [.. Strips];
        Strips.Clear();
        foreach (Strip strip in whole)
        {
            if (strip.CanCut)
                Strips.AddRange(StripCutter.Cut(strip, camera));
            else
                Strips.Add(strip);
        }
    }

    /// <summary>Everything as the camera sees it; thing 1 + i is the strip at i.</summary>
    public Mesh SeenBy(View camera)
    {
        var mesh = new Mesh();
        mesh.Add(Ground);
        mesh.Add(Solids);
        for (int i = 0; i < Strips.Count; i++)
            new StripOutline(Strips[i], camera).AddTo(mesh, i + 1);
        return mesh;
    }
}
