namespace SpGpu.Training;

/// <summary>
/// The learning rate over a run: <c>base * (1 - step / steps)^power</c>, step from 0, as the official code has it. Where
/// there is a warm-up, the rate first rises evenly to the base rate, and the steps are counted from there.
/// </summary>
/// <param name="BaseRate">The rate of the first step, or of the first one behind the warm-up.</param>
/// <param name="Steps">The steps of the whole run.</param>
/// <param name="Power">The exponent; 0.9 officially.</param>
/// <param name="WarmupSteps">The steps of the warm-up.</param>
internal sealed record PolySchedule(double BaseRate, long Steps, double Power, long WarmupSteps = 0)
{
    /// <summary>The rate of a step; 0 from the end on.</summary>
    public double Rate(long step) =>
        step >= Steps ? 0
        : step < WarmupSteps ? BaseRate * (step + 1) / (WarmupSteps + 1)
        : BaseRate * Math.Pow(1 - (double)(step - WarmupSteps) / (Steps - WarmupSteps), Power);
}
