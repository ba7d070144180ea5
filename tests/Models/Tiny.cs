using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models.Tests;

/// <summary>A network small enough for tests of what surrounds it.</summary>
internal static class Tiny
{
    public static SpNetArchitecture Architecture { get; } = SpNetArchitecture.Of(5, [4, 4, 8], [4, 4, 8, 16], [1, 2, 1, 3]);

    public static StateDict State(SpNetArchitecture? architecture = null) =>
        Initializer.Initialize(SpNetGraph.Build(architecture ?? Architecture), 1);

    /// <summary>
    /// The network with its last biases shifted so that each class's logits have mean zero: random weights as they are
    /// let one class win everywhere.
    /// </summary>
    public static SpNet Net(Device device, SpNetArchitecture? architecture = null) =>
        new(architecture ?? Architecture, Balanced(device, architecture), device);

    /// <summary>The parameters of <see cref="Net"/>.</summary>
    public static StateDict Balanced(Device device, SpNetArchitecture? architecture = null)
    {
        StateDict state = State(architecture);
        using var raw = new SpNet(architecture ?? Architecture, state, device);
        float[] logits = raw.Forward(Input(1, 3, 64, 64)).Floats;
        float[] bias = state["head.score_layer.4.bias"].Floats;
        state["head.score_layer.4.bias"] = new HostTensor(
            [.. bias.Select((b, c) => b - logits.Skip(c * 64 * 64).Take(64 * 64).Average())], bias.Length);
        return state;
    }

    public static HostTensor Input(params int[] shape) =>
        new([
            .. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(i * 0.37f) + MathF.Cos(i * 0.0113f))], shape);

    public static float Difference(float[] a, float[] b) => a.Zip(b, (x, y) => MathF.Abs(x - y)).Max();
}
