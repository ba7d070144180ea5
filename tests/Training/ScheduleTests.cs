using System.Text.Json;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>Learning rates against the reference data.</summary>
public class ScheduleTests
{
    [Fact]
    public void Rates_are_those_of_the_reference_data()
    {
        string golden = Path.Combine(AppContext.BaseDirectory, "golden", "11_sgd_poly");
        using var description = JsonDocument.Parse(File.ReadAllBytes(golden + ".json"));
        SpGpu.Layers.StateDict tensors = SafeTensors.Read(golden + ".safetensors");
        int compared = 0;
        foreach (JsonElement data in description.RootElement.GetProperty("cases").EnumerateArray())
        {
            var schedule = new PolySchedule(data.GetProperty("base_lr").GetDouble(), data.GetProperty("max_iter").GetInt64(),
                data.GetProperty("power").GetDouble());
            for (int step = 0; tensors.TryGet($"{data.GetProperty("name")}/step{step}.lr", out SpGpu.Layers.HostTensor? rates);
                step++, compared++)
                Assert.Equal(rates.Floats, LearningGroups.Rates(schedule.Rate(step), headFactor: 10),
                    (a, b) => Math.Abs(a - b) <= 1e-6f * a);
        }
        Assert.Equal(10, compared);
    }

    [Fact]
    public void At_the_end_the_rate_is_zero() => Assert.Equal(0, new PolySchedule(0.1, 5, 0.9).Rate(5));

    [Fact]
    public void The_warm_up_rises_evenly_and_what_follows_begins_at_the_base_rate()
    {
        var schedule = new PolySchedule(0.5, 13, 0.9, WarmupSteps: 4);
        Assert.Equal([0.1, 0.2, 0.3, 0.4], Enumerable.Range(0, 4).Select(step => Math.Round(schedule.Rate(step), 12)));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(step => new PolySchedule(0.5, 9, 0.9).Rate(step)),
            Enumerable.Range(4, 10).Select(step => schedule.Rate(step)));
    }

    [Fact]
    public void A_warm_up_that_is_as_long_as_the_run_has_nothing_behind_it() =>
        Assert.Equal([1.0 / 3, 2.0 / 3, 0, 0], new long[] { 0, 1, 2, 3 }.Select(new PolySchedule(1, 2, 0.9, WarmupSteps: 2).Rate));

    [Theory]
    [InlineData("pretrained.layer1.0.conv1.weight", 0)]
    [InlineData("head.score_layer.4.bias", 1)]
    [InlineData("auxlayer.conv5.0.weight", 1)]
    public void Heads_are_a_group_of_their_own(string parameter, int group) => Assert.Equal(group, LearningGroups.Of(parameter));
}
