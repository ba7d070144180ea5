namespace SpGpu.Synth.Geometry;

/// <summary>
/// Where pictures are seen from: a camera, or (without perspective) the sun, whose picture is the shadow map.
/// </summary>
internal sealed class View
{
    /// <summary>What is nearer to a camera than this, in metres, is cut off.</summary>
    public const double Near = 0.2;

    public required Vec Position { get; init; }

    public required Vec Right { get; init; }

    public required Vec Up { get; init; }

    public required Vec Forward { get; init; }

    /// <summary>Pixels that a metre takes, at a metre from a camera.</summary>
    public required double Focal { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public bool Perspective { get; init; } = true;

    /// <summary>Right, up and depth in metres.</summary>
    public Vec Enter(Vec point)
    {
        Vec from = point - Position;
        return new Vec(from.Dot(Right), from.Dot(Up), from.Dot(Forward));
    }

    public bool IsCut(Vec entered) => Perspective && entered.Z < Near;

    /// <summary>Column, row and a key that is linear in the picture and greater for what is nearer.</summary>
    public Vec Project(Vec entered)
    {
        double k = Perspective ? Focal / entered.Z : Focal;
        return new Vec(Width * 0.5 + entered.X * k, Height * 0.5 - entered.Y * k, Perspective ? 1 / entered.Z : -entered.Z);
    }

    /// <summary>The direction of a camera's ray through a point of the picture; a metre of depth long.</summary>
    public Vec Ray(double x, double y) =>
        Forward + Right * ((x - Width * 0.5) / Focal) - Up * ((y - Height * 0.5) / Focal);

    /// <summary>The direction in which <paramref name="point"/> is seen.</summary>
    public Vec Toward(Vec point) => Perspective ? (point - Position).Unit() : Forward;
}
