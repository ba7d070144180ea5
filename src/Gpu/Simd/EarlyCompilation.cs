using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using SpGpu.Gpu.Simd.Winograd;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Compiles the loops that every network needs on a thread of its own, once a process, while weights are still being read. They
/// depend on the processor's vectors, so they cannot be compiled ahead, and the first picture would wait for one after the other.
/// </summary>
internal static class EarlyCompilation
{
    /// <summary>Roughly in the order in which a network comes to need them.</summary>
    private static readonly Type[] _types =
    [
        typeof(Microkernel), typeof(ConvolutionProduct), typeof(ConvolutionSource), typeof(WinogradByRows), typeof(WinogradConvolution),
        typeof(WinogradFilter), typeof(WinogradInput), typeof(WinogradLines), typeof(WinogradOutput), typeof(MaxPoolSimd),
        typeof(StripMeansSimd), typeof(AdaptiveAveragePoolSimd), typeof(UpsampleAddReluSimd), typeof(BilinearRows),
        typeof(BilinearSimdAxis), typeof(WinogradByChannels), typeof(Lanes),
    ];

    private static int _isStarted;

    /// <summary>Begins, unless it has begun before or there is no second processor to do it.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount > 1 && Interlocked.Exchange(ref _isStarted, 1) == 0)
            new Thread(Compile) { IsBackground = true, Name = "SpGpu compilation" }.Start();
    }

    /// <summary>Compiles them on this thread.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What a trimmer takes out is not called, nor compiled.")]
    public static void Compile()
    {
        const BindingFlags Declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        string kernels = FormattableString.Invariant($"Run{16 * Microkernel.Columns}");
        foreach (Type type in _types)
        {
            foreach (MethodInfo method in type.GetMethods(Declared))
            {
                bool isOfOtherVectors = type == typeof(Microkernel) && !method.Name.StartsWith(kernels, StringComparison.Ordinal);
                if (!isOfOtherVectors && !method.IsAbstract && !method.ContainsGenericParameters)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
