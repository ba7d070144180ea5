using System.Runtime.InteropServices;
using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Where row k of the packed weights meets the input: channel c, u * dilation, v * dilation.</summary>
internal readonly record struct Tap(int Channel, int Row, int Column, int Unused = 0);

/// <summary>A filter and its bias, packed once as <see cref="ConvolutionLayout"/> says.</summary>
internal sealed class ConvolutionKernelWeights : PackedWeights
{
    private readonly KernelMemory? _packed, _taps;

    public ConvolutionKernelWeights(KernelDevice device, Convolution convolution, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        int outputs = convolution.OutChannels;
        Layout = ConvolutionLayout.For(device, outputs, convolution.InChannels, convolution.Kernel.Height * convolution.Kernel.Width);
        int inner = Layout.Inner;
        var packed = new float[Layout.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int k = 0; k < inner; k++)
                packed[Layout.RowOf(k) * Layout.Row + o] = weight[o * inner + k];
        }
        bias.CopyTo(packed.AsSpan(Layout.BiasOffset));
        try
        {
            _packed = KernelMemory.Of(device, MemoryMarshal.AsBytes<float>(packed));
            _taps = KernelMemory.Of(device, MemoryMarshal.AsBytes<Tap>(TapsOf(convolution, Layout)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ConvolutionLayout Layout { get; }

    public ArrayView<float> Packed => _packed!.Floats;

    public ArrayView<Tap> Taps => _taps!.Floats.Cast<Tap>();

    private protected override void Dispose(bool disposing)
    {
        _packed?.Dispose();
        _taps?.Dispose();
    }

    private static Tap[] TapsOf(Convolution convolution, ConvolutionLayout layout)
    {
        var taps = new Tap[layout.Rows];
        Array.Fill(taps, new Tap(0, Gathered<Direct>.Outside, 0));
        int k = 0;
        for (int c = 0; c < convolution.InChannels; c++)
        {
            for (int u = 0; u < convolution.Kernel.Height; u++)
            {
                for (int v = 0; v < convolution.Kernel.Width; v++)
                    taps[layout.RowOf(k++)] = new Tap(c, u * convolution.Dilation.Height, v * convolution.Dilation.Width);
            }
        }
        return taps;
    }
}
