namespace SpGpu.Data;

public sealed partial class ClassNames
{
    /// <summary>The 12 classes of synthetic street scenes, in the order of <see cref="Synth.SynthClass"/>.</summary>
    public static ClassNames SyntheticStreet { get; } = Split("""
        sky, road, pavement, building, vegetation, vehicle, person, pole, lane line, guard rail, cable, kerb
        """);
}
