using SpGpu.Synth.Assets;
using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>What kind of street runs through a scene.</summary>
internal enum StreetKind
{
    /// <summary>Houses wall to wall.</summary>
    Town,

    /// <summary>Houses among trees.</summary>
    Suburb,

    /// <summary>Fields, guard rails and lines of poles.</summary>
    Country,
}

/// <summary>The plan of a street and the materials that its parts share.</summary>
internal sealed class Site
{
    public Site(SynthAssets assets, Dice dice)
    {
        Assets = assets;
        Kind = dice.Pick([StreetKind.Town, StreetKind.Town, StreetKind.Town, StreetKind.Suburb, StreetKind.Country]);
        Road = new RoadLine(dice.Around(1 / 30.0), dice.Around(1 / 1200.0));
        HalfRoad = dice.Range(3, Kind == StreetKind.Country ? 4.6 : 5.8);
        Pavement = Kind == StreetKind.Country ? 0 : dice.Range(2, 5);
        SideStreet = Kind != StreetKind.Country && dice.Chance(0.6) ? dice.Range(14, 55) : null;
        SideHalf = dice.Range(2.5, 4.5);

        Asphalt = Textured(Texture.Grainy, dice.Pick(assets.Asphalts), 0.06);
        Slabs = Textured(dice.Chance(0.7) ? Texture.Slabs : Texture.Grainy, dice.Pick(assets.Stones), 0.6);
        Stone = Textured(Texture.Grainy, dice.Pick(assets.Stones) * dice.Range(0.8, 1.2), 0.05);
        Grass = Textured(Texture.Grainy, dice.Pick(assets.Greens), 0.15);
        Leaves = dice.Pick(assets.Greens) * dice.Range(0.7, 1.1);
        Post = Textured(Texture.Streaks, dice.Pick(assets.Posts), 0.3);
        // Half of the scenes tell wood from metal; in the others only form and place do.
        Bark = dice.Chance(0.5) ? Post : Textured(Texture.Streaks, dice.Pick(assets.Posts) * 0.7, 0.3);
        Wire = Material.Plain(dice.Pick(assets.Posts) * 0.25);
        Vec paint = dice.Pick(assets.Paints);
        Paint = new Material(Texture.Grainy, paint, Vec.Lerp(paint, Asphalt.Colour, dice.Range(0.1, 0.9)), 0.08 * assets.Grain);
    }

    public SynthAssets Assets { get; }

    public StreetKind Kind { get; }

    public RoadLine Road { get; }

    /// <summary>Half the width of the carriageway.</summary>
    public double HalfRoad { get; }

    /// <summary>The width of the pavements, 0 where there are none.</summary>
    public double Pavement { get; }

    /// <summary>Where a side street joins, if one does.</summary>
    public double? SideStreet { get; }

    /// <summary>Half the width of the side street.</summary>
    public double SideHalf { get; }

    public double Height => Pavement > 0 ? 0.16 : 0;

    public Material Asphalt { get; }

    public Material Slabs { get; }

    public Material Stone { get; }

    public Material Grass { get; }

    public Vec Leaves { get; }

    /// <summary>Of poles, and of mullions and pipes.</summary>
    public Material Post { get; }

    /// <summary>Of trunks.</summary>
    public Material Bark { get; }

    /// <summary>Of cables and of twigs.</summary>
    public Material Wire { get; }

    /// <summary>Of lane lines and of blots on the road.</summary>
    public Material Paint { get; }

    public Material Textured(Texture texture, Vec colour, double scale) => new(texture, colour, colour * 0.6, scale * Assets.Grain);

    /// <summary>Whether the mouth of the side street, and <paramref name="margin"/> metres about it, is there.</summary>
    public bool IsMouth(double along, double margin) => SideStreet is { } mouth && Math.Abs(along - mouth) < SideHalf + margin;

    /// <summary>The stretches of the road before and behind the side street.</summary>
    public IEnumerable<(double From, double To)> Stretches(double margin)
    {
        if (SideStreet is not { } mouth)
            return [(RoadLine.Start, RoadLine.End)];
        return [(RoadLine.Start, mouth - SideHalf - margin), (mouth + SideHalf + margin, RoadLine.End)];
    }
}
