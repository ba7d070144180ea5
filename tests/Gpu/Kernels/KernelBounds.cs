using SpGpu.Gpu.Kernels;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What a GPU is told of a kernel's launches when it is compiled.</summary>
/// <param name="Threads">Threads of a group on a GPU.</param>
/// <param name="AreStated">Whether the compiler is told.</param>
/// <param name="Groups">Groups that must fit on a multiprocessor; null if the compiler is told none.</param>
internal sealed record KernelBounds(int Threads, bool AreStated, int? Groups)
{
    /// <summary>Kernels with small groups whatever the device; all others take as many threads as devices have.</summary>
    private static readonly string[] _small =
    [
        "BatchNormGradientKernels.Combine", "BatchStatisticsKernels.Combine", "ChannelSumsKernels.Combine", "ConvolutionPartSums.Run",
        "DepthwiseKernels.Run<Dense>", "DepthwiseKernels.Run<Sparse>", "HardExamplesKernels.Count", "HardExamplesKernels.Select",
    ];

    public static KernelBounds Of(KernelVariant kernel)
    {
        Type? tile = kernel.Method.GetGenericArguments().FirstOrDefault(type => type.IsAssignableTo(typeof(IBlockTile)));
        if (tile is null)
            return new(_small.Contains(kernel.Name) ? KernelDevice.FewestThreads : KernelDevice.MostThreads, AreStated: false, null);
        int? groups = (kernel.Method.DeclaringType!.Name, tile.Name) switch
        {
            (nameof(PipelinedConvolutionKernel), nameof(BlockTile64By128)) => 4,
            (nameof(TiledFilterGradientKernel), nameof(BlockTile64By128)) => 5,
            (_, nameof(BlockTile128)) => 2,
            _ => null,
        };
        return new(Value(tile, nameof(IBlockTile.Threads)) * Value(tile, nameof(IBlockTile.Splits)), AreStated: true, groups);
    }

    private static int Value(Type tile, string property) => (int)tile.GetProperty(property)!.GetValue(null)!;
}
