using ILGPU;
using ILGPU.IR;

namespace SpGpu.Gpu;

/// <summary>What an ILGPU context needs before its accelerators can run SpGpu's kernels.</summary>
public static class KernelContext
{
    /// <summary>
    /// Lets accelerators of the context serve <see cref="Device.From"/>:
    /// <c>Context.Create(builder => builder.Default().EnableSpGpu())</c>.
    /// </summary>
    public static Context.Builder EnableSpGpu(this Context.Builder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Kernels.KernelIntrinsics.Register(builder.GetIntrinsicManager());
        return builder;
    }

    /// <summary>A context for SpGpu's own use.</summary>
    internal static Context Create(Action<Context.Builder> devices) => Context.Create(builder =>
    {
        devices(builder);
        // O1, never O2: there ILGPU takes some divergent branches for uniform.
        builder.Optimize(OptimizationLevel.O1).EnableSpGpu();
    });
}
