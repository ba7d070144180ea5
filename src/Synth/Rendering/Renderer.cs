using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;
using SpGpu.Synth.Street;

namespace SpGpu.Synth.Rendering;

/// <summary>
/// Draws a world: the label of a pixel is that of the surface at its centre; its colour is the mean of its centre
/// and four more points.
/// </summary>
internal sealed class Renderer(World world, View camera, Light light, uint seed)
{
    // Sixteenths of a pixel; the centre comes first.
    private static readonly (int X, int Y)[] _points = [(8, 8), (6, 2), (14, 6), (2, 10), (10, 14)];

    private readonly Mesh _mesh = world.SeenBy(camera);
    private readonly ShadowMap _shadows = new(world, light.ToSun,
        camera.Position + new Vec(camera.Forward.X, 0, camera.Forward.Z).Unit() * 38,
        Math.Clamp(camera.Width / 16, 10, 20));

    /// <summary>The label and the thing (1 + the index of its strip, or 0) at every pixel, and the light it gets.</summary>
    public (byte[] Labels, int[] Things, Vec[] Colours) Draw()
    {
        int count = camera.Width * camera.Height;
        byte[] labels = new byte[count];
        int[] things = new int[count];
        var colours = new Vec[count];
        var raster = new Raster(camera);
        foreach ((int offsetX, int offsetY) in _points)
        {
            raster.Draw(_mesh, offsetX, offsetY);
            if ((offsetX, offsetY) == _points[0])
                Label(raster.Surfaces, labels, things);
            for (int i = 0; i < count; i++)
            {
                Vec ray = camera.Ray(i % camera.Width + offsetX / 16.0, i / camera.Width + offsetY / 16.0);
                int surface = raster.Surfaces[i];
                Vec colour = surface < 0 ? light.Sky(ray, seed) : Shade(_mesh.Surfaces[surface], ray, 1 / (double)raster.Keys[i]);
                colours[i] += colour * (1.0 / _points.Length);
            }
        }
        return (labels, things, colours);
    }

    private void Label(ReadOnlySpan<int> surfaces, byte[] labels, int[] things)
    {
        for (int i = 0; i < surfaces.Length; i++)
        {
            if (surfaces[i] < 0)
                continue; // sky, no thing
            Surface surface = _mesh.Surfaces[surfaces[i]];
            (labels[i], things[i]) = ((byte)surface.Class, surface.Object);
        }
    }

    private Vec Shade(Surface surface, Vec ray, double depth)
    {
        Vec point = camera.Position + ray * depth, from = point - surface.Origin;
        double u = from.Dot(surface.U), v = from.Dot(surface.V);
        Vec normal = surface.Normal.Dot(ray) > 0 ? surface.Normal * -1 : surface.Normal;
        if (surface.Round)
        {
            double bend = Math.Clamp(u, -1, 1);
            normal = normal * Math.Sqrt(1 - bend * bend) + surface.U.Unit() * bend;
        }
        Vec colour = Texturing.At(surface.Material, u, v, depth / camera.Focal, seed);
        double facing = Math.Max(0, normal.Dot(light.ToSun));
        double sun = facing > 0 ? facing * _shadows.Sunlight(point, normal) : 0;
        Vec ambient = Vec.Lerp(light.Zenith, light.Horizon, 0.5) * (0.3 + 0.15 * normal.Y);
        Vec lit = colour.Times(light.Sun * sun + ambient);
        return Vec.Lerp(light.Horizon * 0.8, lit, Portable.Decay(depth * light.Fog));
    }
}
