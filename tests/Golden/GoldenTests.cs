using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using Xunit;

[assembly: AssemblyFixture(typeof(SpGpu.Golden.DeviceFixture))]

namespace SpGpu.Golden;

/// <summary>
/// Every forward result of the reference data, on the device that SPGPU_DEVICE names.
/// </summary>
public sealed class GoldenTests(DeviceFixture fixture)
{
    public static TheoryData<GoldenCase> Modules => [.. GoldenCase.All.Where(c => c.Fixture.Kind <= 10 && c.Has("gout") && c.IsInference)];

    public static TheoryData<GoldenCase> Networks => [.. GoldenCase.All.Where(c => c.Fixture.Kind == 12 && c.IsInference)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Module(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        using var network = new Network(GoldenModules.Graph(data), data.Fixture.Weights(data.Name, GoldenModules.Prefix), fixture.Device);
        HostTensor output = network.Run(("x", data.Input))["out"];
        data.Check(data.Roles.Single(), output);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void TinyNetwork(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        var names = new Dictionary<string, string> { ["out"] = "logits", ["head"] = "score", ["auxraw"] = "aux" };
        using var network = new Network(
            SpNetGraph.Build(GoldenModules.Architecture(data)), data.Fixture.Weights(data.Name, ""), fixture.Device);
        IReadOnlyDictionary<string, HostTensor> outputs = network.Run(("image", data.Input));
        Assert.NotEmpty(data.Roles);
        foreach (string role in data.Roles)
        {
            string name = role["eval.".Length..];
            data.Check(role, outputs[names.GetValueOrDefault(name, name)]);
        }
    }
}
