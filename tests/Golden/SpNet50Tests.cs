using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Golden;

/// <summary>SPNet-50 at full width against the official code. 480 x 480 runs where SPGPU_FULL is set.</summary>
public sealed class SpNet50Tests(DeviceFixture fixture)
{
    private static readonly StateDict _expected = SafeTensors.Read(Path.Combine(FormulaNetwork.Folder, "expected.safetensors"));

    [Theory]
    [InlineData(65, 97, 4, 0)]
    [InlineData(64, 64, 4, 1)]
    [InlineData(480, 480, 32, 16)]
    public void LogitsEqualTheOfficialOnes(int height, int width, int step, int start)
    {
        Assert.SkipWhen(DeviceFixture.Name == "ilgpu-cpu", "a full network is too slow for ILGPU's CPU accelerator");
        Assert.SkipWhen(height == 480 && Environment.GetEnvironmentVariable("SPGPU_FULL") is not { Length: > 0 },
            "480 x 480 runs where SPGPU_FULL is set");
        using var net = new SpNet(SpNetArchitecture.SpNet50(FormulaNetwork.Classes), FormulaNetwork.Weights(), fixture.Device);
        Assert.True(net.Report.IsExact, net.Report.Summary);
        float[] logits = net.Forward(FormulaNetwork.Input(height, width)).Floats;
        string size = FormattableString.Invariant($"{height}x{width}");
        HostTensor sampled = _expected[$"logits_{size}"];
        double largest = _expected[$"largest_{size}"].Floats[0];
        int i = 0;
        for (int c = 0; c < FormulaNetwork.Classes; c++)
        {
            for (int y = start; y < height; y += step)
            {
                for (int x = start; x < width; x += step)
                    Assert.InRange(Math.Abs(sampled.Floats[i++] - logits[(c * height + y) * width + x]), 0, 2e-4 * largest);
            }
        }
        Assert.Equal(sampled.Count, i);
        int differing = LabelCount.Differing(logits, (byte[])_expected[$"argmax_{size}"].Data, FormulaNetwork.Classes);
        Assert.InRange(differing, 0, height * width / 1000);
    }
}
