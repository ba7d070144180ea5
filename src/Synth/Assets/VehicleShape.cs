namespace SpGpu.Synth.Assets;

/// <summary>A vehicle in metres: a body, and a cabin that leans in above it.</summary>
/// <param name="Length">From bumper to bumper.</param>
/// <param name="Width">From side to side.</param>
/// <param name="Belt">The height of the body.</param>
/// <param name="Roof">The height of the roof.</param>
/// <param name="Rear">Where the cabin begins at the belt, as a share of the length from behind.</param>
/// <param name="Front">Where it ends.</param>
/// <param name="Lean">How much shorter than at the belt it is at the roof, at each end, as a share of the length.</param>
internal sealed record VehicleShape(double Length, double Width, double Belt, double Roof, double Rear, double Front, double Lean);
