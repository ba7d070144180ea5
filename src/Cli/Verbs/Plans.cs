using SpGpu.Gpu;
using SpGpu.Layers.Plans;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary>Plans for a size that the user gives.</summary>
internal static class Plans
{
    /// <summary>The plan for pictures of one size; the caller holds <see cref="Device.Lock"/> while it uses it.</summary>
    /// <exception cref="ConfigurationException">The network cannot take the size.</exception>
    public static Plan For(SpNet net, Size2D size, int batch = 1)
    {
        try
        {
            return net.PlanFor(new Shape(batch, 3, size.Height, size.Width));
        }
        catch (ShapeException error)
        {
            // The size is an option, so that this is a matter of usage, not of a file.
            throw new ConfigurationException($"--size: {error.Message}", error);
        }
    }
}
