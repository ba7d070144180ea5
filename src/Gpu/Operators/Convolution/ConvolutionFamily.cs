using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;
using SpGpu.Gpu.Simd.Winograd;

namespace SpGpu.Gpu;

/// <summary>Convolutions and their gradients.</summary>
internal static class ConvolutionFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<Convolution>(
            (device, convolution, weight, bias) => new ConvolutionKernelWeights(device, convolution, weight, bias),
            (device, convolution, inputs, weights) =>
                new ConvolutionKernels(device, convolution, inputs, (ConvolutionKernelWeights)weights),
            (device, convolution, weight, bias) => new ConvolutionSimdWeights(device, convolution, weight, bias),
            Simd);
        register.Add<TrainableConvolution>(
            (device, convolution, inputs) => new TrainableConvolutionKernels(device, convolution, inputs),
            (device, convolution, inputs) =>
                new TrainableConvolutionSimd(device.Team, device.Scratch, device.Workspace, convolution, inputs));
        register.Add<ConvolutionInputGradient>(
            (device, gradient, inputs) => new TrainableConvolutionKernels(device, gradient, inputs),
            (device, gradient, inputs) =>
                new ConvolutionInputGradientSimd(device.Team, device.Scratch, device.Workspace, gradient, inputs));
        register.Add<ConvolutionFilterGradient>(
            (device, gradient, inputs) => new ConvolutionFilterGradientKernels(device, gradient, inputs),
            (device, gradient, inputs) =>
                new ConvolutionFilterGradientSimd(device.Team, device.Scratch, device.Workspace, gradient, inputs));
        register.Add<ChannelSums>(
            (device, _, inputs) => new ChannelSumsKernels(device, inputs[0]),
            (device, _, _) => new ChannelSumsSimd(device.Team));
    }

    private static SimdOperation Simd(SimdDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, PackedWeights weights) =>
        device.Winograd && WinogradConvolution.Pays(convolution, inputs)
            ? WinogradConvolution.Prepare(device.Team, device.Scratch, device.Workspace, convolution, inputs,
                (ConvolutionSimdWeights)weights)
            : new ConvolutionSimd(device.Team, device.Scratch, convolution, inputs, (ConvolutionSimdWeights)weights);
}
