using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<SpGpu.Gpu.Kernels.Tap>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ConvolutionScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>The variants of <see cref="TiledConvolutionKernel"/> that serve a shape.</summary>
/// <param name="Side">The side of the block tile.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="Gathered">Takes any input.</param>
/// <param name="Plane">Takes aligned inputs; null where the shape has no such variant.</param>
internal sealed record ConvolutionVariant(int Side, int Threads, Launch Gathered, Launch? Plane)
{
    /// <summary>Picks the block tile and loads its kernels.</summary>
    /// <typeparam name="TElement">What is gathered.</typeparam>
    /// <param name="device">The device.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="plane">Whether inputs that are aligned can be read as planes (<see cref="IsPlane"/>).</param>
    public static ConvolutionVariant For<TElement>(KernelDevice device, Shape output, bool plane)
        where TElement : struct, IElement
    {
        int side = device.BlockTileSide > 0 ? device.BlockTileSide : ConvolutionTuning.Side(output, device);
        return side switch
        {
            128 => Load<BlockTile128, ThreadTile8, TElement>(device, plane),
            64 => Load<BlockTile64, ThreadTile8, TElement>(device, plane),
            _ => Load<BlockTile32, ThreadTile4, TElement>(device, plane),
        };
    }

    /// <summary>Whether every tap takes the whole plane as it lies, in whole vectors.</summary>
    public static bool IsPlane(Convolution convolution, Shape source) =>
        convolution is { ExpandAddRelu: false } && convolution.Kernel == 1 && convolution.Stride == 1
        && convolution.Padding == 0 && (source.Plane & 3) == 0;

    /// <summary>The kernel for an input that is aligned to vectors, or is not.</summary>
    public Launch For(bool aligned) => aligned && Plane is not null ? Plane : Gathered;

    private static ConvolutionVariant Load<TBlockTile, TThreadTile, TElement>(KernelDevice device, bool plane)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TElement : struct, IElement =>
        new(TBlockTile.Side, TBlockTile.Threads * TBlockTile.Splits, LoadSource<TBlockTile, TThreadTile, Gathered<TElement>>(device),
            plane ? LoadSource<TBlockTile, TThreadTile, Plane>(device) : null);

    private static Launch LoadSource<TBlockTile, TThreadTile, TSource>(KernelDevice device)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TSource : struct, ISource =>
        device.Load<Launch>(TiledConvolutionKernel.Run<TBlockTile, TThreadTile, TSource>,
            new KernelSpecialization(TBlockTile.Threads * TBlockTile.Splits, null));
}
