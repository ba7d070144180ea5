using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Functions of single elements, and what only copies or scales channels.</summary>
internal static class PointwiseFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<Pointwise>(Kernels, (device, pointwise, _) => new PointwiseSimd(device.Team, pointwise));
        register.Add<Concat>(
            (device, _, _) => new ConcatKernels(device),
            (device, _, inputs) => new ConcatSimd(device.Team, inputs.Length));
        register.Add<ChannelSlice>(
            (device, slice, _) => new ChannelSliceKernels(device, slice),
            (device, slice, _) => new ChannelSliceSimd(device.Team, slice));
        register.Add<ScaleChannels>(
            (device, _, _) => new ScaleChannelsKernels(device),
            (device, _, _) => new ScaleChannelsSimd(device.Team));
    }

    private static KernelOperation Kernels(KernelDevice device, Pointwise pointwise, ReadOnlySpan<Shape> inputs) => pointwise.Kind switch
    {
        PointwiseKind.Copy => new UnaryMap<PointwiseFunctions.Copy>(device, pointwise.Name),
        PointwiseKind.Relu => new UnaryMap<PointwiseFunctions.Relu>(device, pointwise.Name),
        PointwiseKind.Sigmoid => new UnaryMap<PointwiseFunctions.Sigmoid>(device, pointwise.Name),
        PointwiseKind.Gelu => new UnaryMap<PointwiseFunctions.Gelu>(device, pointwise.Name),
        PointwiseKind.Add => new BinaryMap<PointwiseFunctions.Add>(device, pointwise.Name),
        PointwiseKind.Multiply => new BinaryMap<PointwiseFunctions.Multiply>(device, pointwise.Name),
        PointwiseKind.ReluGradient => new BinaryMap<PointwiseFunctions.ReluGradient>(device, pointwise.Name),
        PointwiseKind.SigmoidGradient => new BinaryMap<PointwiseFunctions.SigmoidGradient>(device, pointwise.Name),
        PointwiseKind.GeluGradient => new BinaryMap<PointwiseFunctions.GeluGradient>(device, pointwise.Name),
        _ => throw new InvalidOperationException($"there is no kernel for the pointwise function '{pointwise.Kind}'"),
    };
}
