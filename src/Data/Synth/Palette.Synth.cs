namespace SpGpu.Data;

public sealed partial class Palette
{
    /// <summary>
    /// The colours of the 12 classes of synthetic street scenes, in the order of <see cref="Synth.SynthClass"/>:
    /// those of Cityscapes where it has the class, bright ones for thin things.
    /// </summary>
    public static Palette SyntheticStreet { get; } = FromHex(
        "4682B4 804080 F423E8 464646 6B8E23 00008E DC143C FFD200 FFFFFF 00E0C0 FF7800 C8B48C");
}
