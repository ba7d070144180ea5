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
            (device, convolution, weight, bias) => convolution switch
            {
                { IsDepthwise: true } => new DepthwiseWeights(device, convolution, weight, bias),
                { Groups: > 1 } => new GroupedWeights(device, convolution, weight, bias),
                _ => new ConvolutionKernelWeights(device, convolution, weight, bias),
            },
            (device, convolution, inputs, weights) => convolution switch
            {
                { IsDepthwise: true } => new DepthwiseKernels(device, convolution, inputs, (DepthwiseWeights)weights),
                { Groups: > 1 } => new GroupedConvolution(device, convolution, inputs, (GroupedWeights)weights),
                _ => new ConvolutionKernels(device, convolution, inputs, (ConvolutionKernelWeights)weights),
            },
            (device, convolution, weight, bias) => convolution switch
            {
                { IsDepthwise: true } => new DepthwiseWeights(device, convolution, weight, bias),
                { Groups: > 1 } => new GroupedWeights(device, convolution, weight, bias),
                _ => new ConvolutionSimdWeights(device, convolution, weight, bias),
            },
            Simd);
        register.Add<TrainableConvolution>(
            (device, convolution, inputs) => convolution.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseKernels(device, convolution, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, convolution, inputs),
                _ => new TrainableConvolutionKernels(device, convolution, inputs),
            },
            (device, convolution, inputs) => convolution.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseSimd(device.Team, convolution, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, convolution, inputs),
                _ => new TrainableConvolutionSimd(device, convolution, inputs),
            });
        register.Add<ConvolutionInputGradient>(
            (device, gradient, inputs) => gradient.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseKernels(device, gradient, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, gradient, inputs),
                _ => new TrainableConvolutionKernels(device, gradient, inputs),
            },
            (device, gradient, inputs) => gradient.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseSimd(device.Team, gradient, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, gradient, inputs),
                _ => new ConvolutionInputGradientSimd(device, gradient, inputs),
            });
        register.Add<ConvolutionFilterGradient>(
            (device, gradient, inputs) => gradient.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseFilterGradientKernels(device, gradient, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, gradient, inputs),
                _ => new ConvolutionFilterGradientKernels(device, gradient, inputs),
            },
            (device, gradient, inputs) => gradient.Forward switch
            {
                { IsDepthwise: true } => new DepthwiseFilterGradientSimd(device.Team, gradient, inputs),
                { Groups: > 1 } => new GroupedConvolution(device, gradient, inputs),
                _ when device.Winograd && WinogradFilterGradient.Pays(gradient.Forward, inputs[0]) =>
                    new WinogradFilterGradient(device, gradient, inputs),
                _ when PointwiseFilterGradientSimd.Pays(gradient.Forward, inputs[0]) =>
                    new PointwiseFilterGradientSimd(device, gradient, inputs),
                _ => new ConvolutionFilterGradientSimd(device, gradient, inputs),
            });
        register.Add<ChannelSums>(
            (device, _, inputs) => new ChannelSumsKernels(device, inputs[0]),
            (device, _, _) => new ChannelSumsSimd(device.Team));
    }

    private static Operation Simd(SimdDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, PackedWeights weights) =>
        convolution switch
        {
            { IsDepthwise: true } => new DepthwiseSimd(device.Team, convolution, inputs, (DepthwiseWeights)weights),
            { Groups: > 1 } => new GroupedConvolution(device, convolution, inputs, (GroupedWeights)weights),
            _ => new ConvolutionSimd(device, convolution, inputs, (ConvolutionSimdWeights)weights),
        };
}
