using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;
using SpGpu.Synth.Street;

namespace SpGpu.Synth.Rendering;

/// <summary>Puts the camera on the road or on a pavement, and turns and tilts it.</summary>
internal static class CameraMaker
{
    private const double Degree = Math.PI / 180;

    public static View Make(Site site, int width, int height, Dice dice)
    {
        bool walks = site.Pavement > 0 && dice.Chance(0.45);
        double reach = walks ? site.HalfRoad + site.Pavement * 0.5 : site.HalfRoad * 0.7;
        double right = walks ? (dice.Chance(0.5) ? reach : -reach) : dice.Range(-reach, reach);
        // Now and then over the edge of the road, where kerbs, lines and rails run upward in the picture.
        if (dice.Chance(0.2))
            right = (right < 0 ? -1 : 1) * (site.HalfRoad + dice.Around(0.6));
        // From the side, look into the street rather than at the nearest wall.
        double yaw = dice.Around(dice.Chance(0.4) ? 55 : 18) * Degree - 0.25 * right / (site.HalfRoad + site.Pavement);
        // Cameras look down rather than up, and are held at any roll, so that what is level or upright in the world
        // is not so in the picture.
        double pitch = Math.Clamp(dice.Around(9) - 3, -10, 10) * Degree;
        double roll = dice.Range(-10, 10) * Degree;
        (double low, double high) = site.Assets.CameraHeight;
        (double narrow, double wide) = site.Assets.FieldOfView;

        Vec forward = new(Portable.Sin(yaw) * Portable.Cos(pitch), Portable.Sin(pitch), Portable.Cos(yaw) * Portable.Cos(pitch));
        Vec level = new(Portable.Cos(yaw), 0, -Portable.Sin(yaw)), upright = forward.Cross(level);
        return new View
        {
            Position = site.Road.At(0, right, dice.Range(low, high) + (walks ? site.Height : 0)),
            Right = level * Portable.Cos(roll) + upright * Portable.Sin(roll),
            Up = upright * Portable.Cos(roll) - level * Portable.Sin(roll),
            Forward = forward,
            Focal = width / 2.0 / Portable.Tan(dice.Range(narrow, wide) * Degree / 2),
            Width = width,
            Height = height,
        };
    }
}
