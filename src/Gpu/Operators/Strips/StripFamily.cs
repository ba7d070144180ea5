using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Strip means, what is made of strips, and their gradients.</summary>
internal static class StripFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<StripMeans>(
            (device, means, _) => new StripMeansKernels(device, means),
            (device, means, _) => new StripMeansSimd(device.Team, means));
        register.Add<StripGate>(
            (device, _, _) => new StripGateKernels(device),
            (device, _, inputs) => new StripGateSimd(device.Team, inputs[0]));
        register.Add<ExpandAdd>(
            (device, expand, _) => expand.Relu
                ? new ExpandAddKernels<StripFunctions.ReluOfSum>(device, expand.Name)
                : new ExpandAddKernels<StripFunctions.Sum>(device, expand.Name),
            (device, expand, _) => new ExpandAddSimd(device.Team, expand));
        register.Add<StripMeansGradient>(
            (device, gradient, _) => (gradient.OverWidth, gradient.OverHeight) switch
            {
                (true, true) => new StripMeansGradientKernels<StripFunctions.Sum>(device, gradient.Name),
                (true, false) => new StripMeansGradientKernels<StripFunctions.OfColumn>(device, gradient.Name),
                _ => new StripMeansGradientKernels<StripFunctions.OfRow>(device, gradient.Name),
            },
            (device, gradient, _) => new StripMeansGradientSimd(device.Team, gradient));
        register.Add<StripGateGradient>(
            (device, _, _) => new StripGateGradientKernels(device),
            (device, _, inputs) => new StripGateGradientSimd(device.Team, inputs[0]));
        register.Add<ExpandAddGradient>(
            (device, gradient, _) => gradient.Relu
                ? new ExpandAddGradientKernels<StripTerms.ReluGradient>(device, gradient.Name)
                : new ExpandAddGradientKernels<StripTerms.Plain>(device, gradient.Name),
            (device, gradient, inputs) => new ExpandAddGradientSimd(device.Team, gradient, inputs[0]));
    }
}
