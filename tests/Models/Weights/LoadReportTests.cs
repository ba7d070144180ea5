using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class LoadReportTests
{
    private static readonly StateDict _given = new()
    {
        ["conv.weight"] = new HostTensor(new float[12], 4, 3),
        ["conv.bias"] = new HostTensor(new float[4], 4),
        ["fc.weight"] = new HostTensor(new float[1], 1),
    };

    [Fact]
    public void Names_and_shapes_are_compared()
    {
        LoadReport report = LoadReport.Compare(_given, [new("conv.weight", [4, 2]), new("conv.bias", [4]), new("bn.weight", [4])]);
        Assert.False(report.IsExact);
        Assert.Equal(["bn.weight"], report.Missing);
        Assert.Equal(["fc.weight"], report.Unexpected);
        ShapeMismatch mismatch = Assert.Single(report.MisShaped);
        Assert.Equal(("conv.weight", "[4, 2]", "[4, 3]"),
            (mismatch.Name, HostTensor.Describe(mismatch.Expected), HostTensor.Describe(mismatch.Found)));
        Assert.Equal(
            "1 missing ('bn.weight'); 1 unexpected ('fc.weight'); 1 of another shape ('conv.weight': [4, 3] where [4, 2] is needed)",
            report.Summary);
        Assert.Equal(
            """
            1 missing:
              'bn.weight'
            1 unexpected:
              'fc.weight'
            1 of another shape:
              'conv.weight': [4, 3] where [4, 2] is needed
            """, report.ToString());
    }

    [Fact]
    public void An_excerpt_says_how_many_more_there_are()
    {
        LoadReport report = LoadReport.Compare(_given, [.. "abcd".Select(letter => new ParameterInfo($"{letter}.weight", [1]))]);
        Assert.Equal(
            """
            4 missing:
              'a.weight'
              'b.weight'
              'c.weight'
              and 1 more
            3 unexpected:
              'conv.weight'
              'conv.bias'
              'fc.weight'
            """, report.Excerpt(3));
    }

    [Fact]
    public void Counters_of_batches_are_not_missed()
    {
        ParameterInfo[] expected =
        [
            new("conv.weight", [4, 3]), new("conv.bias", [4]), new("fc.weight", [1]), new("bn.num_batches_tracked", []),
        ];
        Assert.True(LoadReport.Compare(_given, expected).IsExact);
    }

    [Fact]
    public void An_exact_fit_throws_nothing()
    {
        LoadReport report = LoadReport.Compare(_given, [new("conv.weight", [4, 3]), new("conv.bias", [4]), new("fc.weight", [1])]);
        Assert.True(report.IsExact);
        Assert.Equal("every tensor fits", report.Summary);
        Assert.Equal(report.Summary, report.ToString());
        report.ThrowIfInexact("spnet50.pth");
    }

    [Fact]
    public void Strict_loading_names_the_first_of_each_kind_and_the_way_out()
    {
        ParameterInfo[] expected = [.. Enumerable.Range(0, 5).Select(i => new ParameterInfo($"layer{i}", [1]))];
        string message = Assert.Throws<WeightsException>(() => LoadReport.Compare(_given, expected).ThrowIfInexact("spnet50.pth")).Message;
        Assert.StartsWith("'spnet50.pth' does not fit the model: 5 missing ('layer0', 'layer1', 'layer2', ...); 3 unexpected", message);
        Assert.Contains("non-strictly", message);
    }
}
