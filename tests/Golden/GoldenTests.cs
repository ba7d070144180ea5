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
    /// <summary>Losses (kind 10) and optimiser steps (kind 11) belong to training.</summary>
    private static readonly string[] _forward = ["MaxPool2d", "ReLU", "Sigmoid", "Softmax"];

    /// <summary>ILGPU's CPU accelerator is right and slow: whole networks are never asked of it.</summary>
    private const int LastKindOnIlgpuCpu = 9;

    public static IReadOnlyList<GoldenCase> All { get; } = [.. GoldenFixture.All.SelectMany(f => Cases(f.Set, f.Fixture))];

    public static TheoryData<GoldenCase> Modules => [.. All.Where(c => c.Fixture.Kind <= 10)];

    public static TheoryData<GoldenCase> Networks => [.. All.Where(c => c.Fixture.Kind == 12)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Module(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SkipWhatIsTooSlow(data);
        HostTensor input = data.Input;
        var graph = new Graph();
        Value x = graph.Input("x", input.Shape[1], input.Shape[2] == 1 ? 1 : 0, input.Shape[3] == 1 ? 1 : 0);
        graph.Output("out", GoldenModules.Build(graph, x, data));
        using var network = new Network(graph, data.Fixture.Weights(data.Name, GoldenModules.Prefix), fixture.Device);
        HostTensor output = network.Run(("x", input))["out"];
        data.Check(data.Roles.Single(), output);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void TinyNetwork(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SkipWhatIsTooSlow(data);
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

    private static IEnumerable<GoldenCase> Cases(string set, GoldenFixture fixture)
    {
        foreach (var data in fixture.Cases)
        {
            bool isForward = fixture.Kind is < 10 or 12 || _forward.Contains(data.GetProperty("module").GetString());
            bool hasModes = data.TryGetProperty("modes", out var modes) && modes.ValueKind == System.Text.Json.JsonValueKind.Array;
            if (isForward)
                yield return new GoldenCase(set, fixture, data, hasModes ? "eval" : "out");
        }
    }

    private static void SkipWhatIsTooSlow(GoldenCase data) => Assert.SkipWhen(
        DeviceFixture.Name == "ilgpu-cpu" && data.Fixture.Kind > LastKindOnIlgpuCpu, "too slow for ILGPU's CPU accelerator");
}
