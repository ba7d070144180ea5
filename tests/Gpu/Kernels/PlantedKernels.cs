using System.Reflection;
using ILGPU;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Kernels with faults that checks of generated code must find.</summary>
internal static class PlantedKernels
{
    /// <summary>
    /// Numbers of a thread that lie in memory, for their places are not known when it is compiled; no vectors. AMD's compiler
    /// moves smaller arrays to shared memory.
    /// </summary>
    public static KernelVariant LocalArray { get; } = Of(nameof(UseLocalArray));

    private static KernelVariant Of(string name) =>
        new(typeof(PlantedKernels).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!, new());

    private static void UseLocalArray(ArrayView<float> x, int count)
    {
        ArrayView<float> local = LocalMemory.Allocate<float>(256);
        for (int i = 0; i < count; i++)
            local[i & 255] = x[i] + local[(i * 3) & 255];
        x[Group.IdxX] = local[count & 255];
    }
}
