using SpGpu.Synth.Geometry;

namespace SpGpu.Synth.Assets;

/// <summary>What the scenes of a split are made of. No two splits share a colour, a texture's scale, a vehicle or a crown.</summary>
internal sealed record SynthAssets
{
    /// <summary>Goes into every seed, so that equal seeds give different scenes in different splits.</summary>
    public required ulong Salt { get; init; }

    public required Vec[] Walls { get; init; }

    public required Texture[] WallTextures { get; init; }

    public required Vec[] Asphalts { get; init; }

    public required Vec[] Stones { get; init; }

    public required Vec[] Greens { get; init; }

    /// <summary>Of poles, and of the trunks, pipes and mullions that look like them.</summary>
    public required Vec[] Posts { get; init; }

    public required Vec[] Paints { get; init; }

    public required Vec[] Lacquers { get; init; }

    public required Vec[] Cloths { get; init; }

    public required Vec[] Skins { get; init; }

    /// <summary>Multiplies the size of every texture.</summary>
    public required double Grain { get; init; }

    public required VehicleShape[] Vehicles { get; init; }

    /// <summary>Crowns' width as a share of their height, and how much they narrow to the top.</summary>
    public required (double Width, double Narrowing)[] Crowns { get; init; }

    public required (double Low, double High) CameraHeight { get; init; }

    /// <summary>The horizontal field of view in degrees.</summary>
    public required (double Low, double High) FieldOfView { get; init; }

    public static SynthAssets Of(SynthSplit split) => split switch
    {
        SynthSplit.Train => SplitAssets.Train,
        SynthSplit.Validation => SplitAssets.Validation,
        _ => SplitAssets.Test,
    };
}
