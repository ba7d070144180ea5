using SpGpu.Data;
using SpGpu.Synth.Assets;
using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;
using SpGpu.Synth.Rendering;
using SpGpu.Synth.Street;

namespace SpGpu.Synth;

/// <summary>
/// Makes pictures of small three-dimensional streets with exact labels. The same options and index give the same
/// scene on every machine, whatever was made before.
/// </summary>
public static class SyntheticScenes
{
    /// <summary>The most scenes of a folder: their names have five digits.</summary>
    public const int MaxCount = 100_000;

    /// <summary>Makes a scene.</summary>
    /// <param name="options">Its size, split and seed.</param>
    /// <param name="index">Its place in the sequence, from 0.</param>
    /// <exception cref="ConfigurationException">An option or the index is out of range.</exception>
    public static SyntheticScene Generate(SynthOptions options, int index)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (index < 0)
            throw new ConfigurationException($"there is no synthetic scene {index}; choose an index of 0 or more");

        SynthAssets assets = SynthAssets.Of(options.Split);
        var dice = new Dice(SplitMix64.Mix(SplitMix64.Mix(options.Seed ^ assets.Salt) + (ulong)index));
        // Forked in one place: whatever one part draws, the others stay as they are.
        Dice plan = dice.Fork(), eye = dice.Fork(), sky = dice.Fork(), film = dice.Fork();
        var site = new Site(assets, plan);
        View camera = CameraMaker.Make(site, options.Width, options.Height, eye);
        World world = Build(site, dice);
        if (options.CutThinObjects)
            world.Cut(camera);

        var renderer = new Renderer(world, camera, Light.Roll(sky), (uint)sky.Next());
        (byte[] labels, int[] things, Vec[] colours) = renderer.Draw();
        List<ThinObject> thinObjects = ThinRecorder.Record(world.Strips, camera, things);
        return new SyntheticScene(
            Sensor.Expose(colours, options.Width, options.Height, film),
            new LabelMap(labels, options.Width, options.Height),
            [.. things.Select(t => (ushort)t)],
            thinObjects);
    }

    /// <summary>
    /// Writes scenes 0 to <paramref name="count"/> - 1: images/00000.png, labels/00000.png (a palette PNG whose pixel
    /// values are <see cref="SynthClass"/>) and objects/00000.json (the thin things, and which of them is at each
    /// pixel) and so on.
    /// </summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="options">Their size, split and seed.</param>
    /// <param name="count">How many, 1 to 100000.</param>
    /// <exception cref="ConfigurationException">An option or the count is out of range.</exception>
    /// <exception cref="OutputException">The folder or a file cannot be written.</exception>
    public static void Write(string folder, SynthOptions options, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (count is < 1 or > MaxCount)
            throw new ConfigurationException($"{count} synthetic scenes cannot be written; choose 1 to {MaxCount}");
        for (int i = 0; i < count; i++)
            WriteOne(folder, options, i);
    }

    /// <summary>Writes one scene as <see cref="Write"/> does, for callers that show how far they are.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="options">Its size, split and seed.</param>
    /// <param name="index">Its place in the sequence, 0 to <see cref="MaxCount"/> - 1; the number in its names.</param>
    /// <exception cref="ConfigurationException">An option or the index is out of range.</exception>
    /// <exception cref="OutputException">The folder or a file cannot be written.</exception>
    public static void WriteOne(string folder, SynthOptions options, int index)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (index >= MaxCount)
            throw new ConfigurationException($"scene {index} cannot be written; choose an index below {MaxCount}");
        new SceneWriter(folder).Write(Generate(options, index), index);
    }

    private static World Build(Site site, Dice dice)
    {
        var world = new World();
        GroundBuilder.Build(world, site);
        IslandBuilder.Build(world, site, dice.Fork());
        MarkingBuilder.Build(world, site, dice.Fork());
        BuildingBuilder.Build(world, site, dice.Fork());
        BackdropBuilder.Build(world, site, dice.Fork());
        TreeBuilder.Build(world, site, dice.Fork());
        VehicleBuilder.Build(world, site, dice.Fork());
        PeopleBuilder.Build(world, site, dice.Fork());
        PoleBuilder.Build(world, site, dice.Fork());
        PropBuilder.Build(world, site, dice.Fork());
        RailBuilder.Build(world, site, dice.Fork());
        return world;
    }
}
