using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Adam over several steps, as PyTorch defines it.</summary>
public sealed class AdamTests : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, Decay = 0.01;

    private readonly Device _device = Device.Open("cpu");

    public void Dispose() => _device.Dispose();

    /// <summary>
    /// One parameter of 1, gradients 0.5, -1 and 0.25, a rate of 0.1, no decay. m: 0.05, -0.055, -0.0245; v: 0.00025,
    /// 0.00124975, 0.00131100025; m / (1 - 0.9^t): 0.5, -0.2894736842, -0.0904059041; v / (1 - 0.999^t): 0.25,
    /// 0.6251875938, 0.4374374795.
    /// </summary>
    [Fact]
    public void Three_steps_are_those_of_pencil_and_paper()
    {
        var adam = new AdamStep(Length: 1, 0.9f, 0.999f, 1e-8f, WeightDecay: 0);
        Tensor[] memory = [.. Enumerable.Range(0, 4).Select(_ => Tensor.Allocate(_device, new Shape(1, 1, 1, 1)))];
        var corrections = Tensor.Allocate(_device, new Shape(1, 1, 1, 2));
        memory[0].Upload<float>([1]);
        memory[2].Upload<float>([0]);
        memory[3].Upload<float>([0]);
        Operation operation = _device.Operators.Prepare(adam, [corrections.Shape]);
        (float Gradient, double Expected)[] steps =
        [
            (0.5f, 1 - 0.1 * 0.5 / 0.5),
            (-1f, 0.9 + 0.1 * 0.2894736842 / Math.Sqrt(0.6251875938)),
            (0.25f, 0.9 + 0.1 * 0.2894736842 / Math.Sqrt(0.6251875938) + 0.1 * 0.0904059041 / Math.Sqrt(0.4374374795)),
        ];
        for (int i = 0; i < steps.Length; i++)
        {
            (float step, float root) = adam.Corrections(0.1f, i + 1);
            corrections.Upload<float>([step, root]);
            memory[1].Upload<float>([steps[i].Gradient]);
            operation.Run([corrections], memory);
            Assert.Equal(steps[i].Expected, memory[0].ToHost()[0], 1e-6);
            Assert.Equal(0f, memory[1].ToHost()[0]);
        }
        foreach (Tensor tensor in (Tensor[])[corrections, .. memory])
            tensor.Memory.Dispose();
    }

    [Fact]
    public void A_network_takes_its_steps_with_a_rate_for_each_group()
    {
        Graph graph = TrainingTests.Network();
        static int GroupOf(string name) => name.StartsWith("stem", StringComparison.Ordinal) ? 0 : 1;
        using var network = new TrainingNetwork(graph, TrainingTests.Values(graph, seed: 1), _device, new()
        {
            Losses = [new("logits", 1), new("aux", 0.4)],
            Groups = 2,
            GroupOf = GroupOf,
            WeightDecay = (float)Decay,
            Adam = new(),
        });
        (float[] images, byte[] labels) = TrainingTests.Batch();
        Dictionary<string, double[]> first = [], second = [];
        for (int t = 1; t <= 6; t++)
        {
            network.Accumulate(2, 17, 13, images, labels, new LossValue[2]);
            (StateDict before, StateDict gradients) = (network.State(), network.Gradients());
            double[] rates = [0.01 / t, 0.03 / t];
            network.Update([(float)rates[0], (float)rates[1]]);
            (StateDict after, StateDict moments) = (network.State(), network.Momenta());
            Assert.Equal(2 * gradients.Count, moments.Count);
            foreach ((string name, HostTensor gradient) in gradients)
            {
                double[] m = Of(first, name, gradient.Count), v = Of(second, name, gradient.Count);
                for (int i = 0; i < gradient.Count; i++)
                {
                    double p = before[name].Floats[i];
                    double g = gradient.Floats[i] + Decay * p;
                    m[i] = Beta1 * m[i] + (1 - Beta1) * g;
                    v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
                    double expected = rates[GroupOf(name)] * (m[i] / (1 - Math.Pow(Beta1, t)))
                        / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t))) + Epsilon);
                    Assert.Equal(p - expected, after[name].Floats[i], 1e-6 + 1e-3 * Math.Abs(expected));
                    Assert.Equal(m[i], moments[$"{name}.exp_avg"].Floats[i], 1e-6);
                    Assert.Equal(v[i], moments[$"{name}.exp_avg_sq"].Floats[i], 1e-9 + 1e-4 * v[i]);
                }
            }
        }
    }

    private static double[] Of(Dictionary<string, double[]> moments, string name, int count) =>
        moments.TryGetValue(name, out double[]? moment) ? moment : moments[name] = new double[count];
}
