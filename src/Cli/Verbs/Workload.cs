using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary>Counts the work of a network.</summary>
internal static class Workload
{
    /// <summary>
    /// Multiply-adds of all convolutions for one picture, as a plan runs them: without the auxiliary head. Only the
    /// shapes of the parameters count, so that a file need not be complete.
    /// </summary>
    /// <exception cref="ConfigurationException">The network cannot take the size.</exception>
    public static long MultiplyAdds(SpNetArchitecture architecture, Size2D size)
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in SpNetGraph.Build(architecture).Parameters)
        {
            int count = parameter.Shape.Aggregate(1, (product, extent) => product * extent);
            state[parameter.Name] = parameter.IsInteger
                ? new HostTensor(new long[count], parameter.Shape)
                : new HostTensor(new float[count], parameter.Shape);
        }
        using var device = Device.Open("cpu", threads: 1);
        using var net = new SpNet(architecture, state, device);
        return Plans.For(net, size).Steps.Where(step => step.Specification is Convolution).Sum(step => step.Operations) / 2;
    }
}
