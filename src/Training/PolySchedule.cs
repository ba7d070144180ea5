namespace SpGpu.Training;

/// <summary>The learning rate over a run: <c>base * (1 - step / steps)^power</c>, step from 0, as the official code has it.</summary>
/// <param name="BaseRate">The rate of the first step.</param>
/// <param name="Steps">The steps of the whole run.</param>
/// <param name="Power">The exponent; 0.9 officially.</param>
internal sealed record PolySchedule(double BaseRate, long Steps, double Power)
{
    /// <summary>The rate of a step; 0 from the end on.</summary>
    public double Rate(long step) => BaseRate * Math.Pow(1 - Math.Min(1, (double)step / Steps), Power);
}
