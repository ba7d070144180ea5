namespace SpGpu.Data.Synth;

/// <summary>Puts the camera on the road or, at times, on a pavement, and turns and tilts it.</summary>
internal static class CameraMaker
{
    private const double Degree = Math.PI / 180;

    public static View Make(Site site, int width, int height, Dice dice)
    {
        bool walks = site.Pavement > 0 && dice.Chance(0.45);
        double reach = walks ? site.HalfRoad + site.Pavement * 0.5 : site.HalfRoad * 0.7;
        double right = walks ? (dice.Chance(0.5) ? reach : -reach) : dice.Range(-reach, reach);
        // From the side, look into the street rather than at the nearest wall.
        double yaw = dice.Around(dice.Chance(0.3) ? 40 : 14) * Degree - 0.25 * right / (site.HalfRoad + site.Pavement);
        // Most cameras are held nearly straight, some not at all; they look down rather than up.
        double pitch = Math.Clamp(dice.Around(10) - 2, -10, 10) * Degree;
        double roll = (dice.Chance(0.5) ? dice.Around(4) : dice.Range(-10, 10)) * Degree;
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
