using SpGpu.Data;

namespace SpGpu.Synth;

/// <summary>The names and colours of the classes of synthetic scenes, in the order of <see cref="SynthClass"/>.</summary>
public static class SynthClasses
{
    /// <summary>12 names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "sky", "road", "pavement", "building", "vegetation", "vehicle", "person", "pole", "lane line", "guard rail", "cable", "kerb",
    ];

    /// <summary>12 colours: those of Cityscapes where it has the class, bright ones for thin things.</summary>
    public static Palette Palette { get; } = new(
    [
        new(0x46, 0x82, 0xB4), new(0x80, 0x40, 0x80), new(0xF4, 0x23, 0xE8), new(0x46, 0x46, 0x46),
        new(0x6B, 0x8E, 0x23), new(0x00, 0x00, 0x8E), new(0xDC, 0x14, 0x3C), new(0xFF, 0xD2, 0x00),
        new(0xFF, 0xFF, 0xFF), new(0x00, 0xE0, 0xC0), new(0xFF, 0x78, 0x00), new(0xC8, 0xB4, 0x8C),
    ]);
}
