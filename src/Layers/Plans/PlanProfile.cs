using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Layers.Plans;

/// <summary>Times the operations of a plan. The caller holds <see cref="Device.Lock"/>.</summary>
internal static class PlanProfile
{
    /// <summary>Runs before those that count.</summary>
    private const int WarmUps = 2;

    /// <summary>Runs the plan on what its inputs hold.</summary>
    /// <exception cref="OperationCanceledException">Someone asked to stop before the last run.</exception>
    public static Profile Measure(Plan plan, int runs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Launches are looked at when all has been run once.
        plan.RunMarked(afterEach: false);
        ProfileStep[] steps =
        [
            .. plan.Steps.Select((step, i) =>
                new ProfileStep(step.Layer, step.Variant, step.Operations, step.Bytes) { Launches = plan.LaunchesOf(i) }),
        ];
        Profile profile = Profile.Measure(steps, WarmUps, runs, run =>
        {
            cancellation.ThrowIfCancellationRequested();
            return run == ProfiledRun.Replayed ? plan.RunReplayed() : plan.RunMarked(afterEach: run == ProfiledRun.Marked);
        });
        (profile.ActivationBytes, profile.WorkspaceBytes) = (plan.ArenaBytes, plan.WorkspaceBytes);
        return profile;
    }

    /// <summary>
    /// Fills an input with numbers that are quick to compute with: what memory happens to hold may be slow (denormals, NaN),
    /// and zeros cost too little power.
    /// </summary>
    public static void Fill(Tensor input) =>
        input.Upload<float>([.. Enumerable.Range(0, (int)input.Shape.Count).Select(i => MathF.Sin(i))]);
}
