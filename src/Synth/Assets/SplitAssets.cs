using SpGpu.Synth.Geometry;

namespace SpGpu.Synth.Assets;

/// <summary>The assets of each split; colours are sRGB.</summary>
internal static class SplitAssets
{
    public static readonly SynthAssets Train = new()
    {
        Salt = 0x7261696E5F5F5F31,
        Walls = Colours(0xB5654A, 0xC9B79C, 0x8E8A82, 0xD8CFC0, 0x7A4B3A, 0xA9B0B5),
        WallTextures = [Texture.Bricks, Texture.Plain, Texture.Slabs],
        Asphalts = Colours(0x55565A, 0x6B6A68, 0x47484B),
        Stones = Colours(0x9A958C, 0xA8A29A, 0x85827E),
        Greens = Colours(0x4C7030, 0x5E7F3A, 0x3A5A2C),
        Posts = Colours(0x6E655A, 0x8A8780, 0x4A4540, 0x7C6B55),
        Paints = Colours(0xDCDCD6, 0xCFC9B8),
        Lacquers = Colours(0xB02A2A, 0x2A4A90, 0xE4E4E2, 0x26282B, 0x9AA0A6, 0x3E6B4A),
        Cloths = Colours(0x2E3A5C, 0x8C2F39, 0xC8B560, 0x3B3B3B, 0x6E8CA0),
        Skins = Colours(0xD9A582, 0x8C5A3C, 0xB98463),
        Grain = 1,
        Vehicles = [new(4.5, 1.8, 0.95, 1.45, 0.12, 0.72, 0.1), new(5.2, 2.0, 1.2, 2.3, 0.01, 0.88, 0.05),
            new(10.5, 2.5, 1.1, 3.0, 0.005, 0.99, 0.005)],
        Crowns = [(0.9, 0.1), (0.6, 0.3), (1.2, 0)],
        CameraHeight = (1.2, 2.2),
        FieldOfView = (45, 65),
    };

    public static readonly SynthAssets Validation = new()
    {
        Salt = 0x76616C69645F5F32,
        Walls = Colours(0xA87F5F, 0xE0D6B8, 0x6F7378, 0xC4A88F, 0x93645A),
        WallTextures = [Texture.Bricks, Texture.Plain, Texture.Grainy],
        Asphalts = Colours(0x606164, 0x4E4C4C),
        Stones = Colours(0xA39C90, 0x8B8B88),
        Greens = Colours(0x55742A, 0x44662F),
        Posts = Colours(0x5F5A55, 0x94908A, 0x74624E),
        Paints = Colours(0xE3DFCF, 0xD2D4D2),
        Lacquers = Colours(0x7B1F3A, 0x1F6F78, 0xD8D4C8, 0x34363C, 0xC9A227),
        Cloths = Colours(0x4A2E5C, 0x2F6B5A, 0xB57A4A, 0x2A2C30),
        Skins = Colours(0xCF9B78, 0x9C6A4A),
        Grain = 1.3,
        Vehicles = [new(4.0, 1.75, 0.98, 1.5, 0.02, 0.7, 0.09), new(7.5, 2.4, 1.3, 3.2, 0.01, 0.97, 0.02)],
        Crowns = [(0.75, 0.2), (1.05, 0.05)],
        CameraHeight = (1.4, 2.5),
        FieldOfView = (42, 68),
    };

    public static readonly SynthAssets Test = new()
    {
        Salt = 0x746573745F5F5F33,
        Walls = Colours(0x9C4F3F, 0xBFC4BE, 0xD9BF94, 0x5F6469, 0xA3927C, 0xE6E1D6),
        WallTextures = [Texture.Bricks, Texture.Streaks, Texture.Plain],
        Asphalts = Colours(0x5A5853, 0x737478, 0x3F4144),
        Stones = Colours(0xB0AAA0, 0x79766F),
        Greens = Colours(0x66803C, 0x355428, 0x75853F),
        Posts = Colours(0x57504A, 0x7F7B76, 0x9B9488, 0x66573F),
        Paints = Colours(0xD6D3C6, 0xE8E6DE),
        Lacquers = Colours(0xC4501F, 0x24324F, 0xF0EEE8, 0x1C1D20, 0x7D8B94, 0x6B7A2F),
        Cloths = Colours(0x1F4E79, 0xA63D57, 0x5B5F3A, 0xD0CCC2, 0x232529),
        Skins = Colours(0xE0B090, 0x7A4B32, 0xC08A68),
        Grain = 0.8,
        Vehicles = [new(4.8, 1.9, 1.05, 1.75, 0.03, 0.76, 0.07), new(5.4, 1.9, 1.0, 1.75, 0.38, 0.74, 0.06),
            new(6.5, 2.2, 1.25, 2.7, 0.005, 0.9, 0.03)],
        Crowns = [(0.5, 0.4), (0.85, 0), (1.3, 0.15)],
        CameraHeight = (1.0, 2.8),
        FieldOfView = (40, 70),
    };

    private static Vec[] Colours(params ReadOnlySpan<int> hex)
    {
        var colours = new Vec[hex.Length];
        for (int i = 0; i < hex.Length; i++)
            colours[i] = Vec.Hex(hex[i]);
        return colours;
    }
}
