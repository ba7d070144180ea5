using SpGpu.Checks;
using SpGpu.Gpu.Simd;
using SpGpu.Gpu.Simd.Winograd;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>3x3 convolutions of the cpu with and without Winograd's algorithm.</summary>
public sealed class WinogradTests : IDisposable
{
    private const string Mark = "winograd";

    private readonly Device _with = Device.Open("cpu", new() { Threads = 3 });
    private readonly Device _without = Device.Open("cpu", new() { Threads = 2, Winograd = false });

    [Fact]
    public void Cases_cover_it_in_every_geometry_and_epilogue()
    {
        List<Convolution> tiled = [];
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small))
        {
            if (@case.Specification is Convolution convolution && Variant(_with, @case).Contains(Mark))
                tiled.Add(convolution);
        }
        Assert.All(tiled, convolution => Assert.Equal((3, 3, 1, 1),
            (convolution.Kernel.Height, convolution.Kernel.Width, convolution.Stride.Height, convolution.Stride.Width)));
        Assert.True(tiled.Select(convolution => (convolution.Padding, convolution.Dilation)).Distinct().Count() >= 8);
        Assert.True(tiled.Select(convolution => convolution.Epilogue).Distinct().Count() >= 8);
        Assert.Contains(tiled, convolution => convolution.ExpandAddRelu);
        Assert.Contains(tiled, convolution => convolution.InChannels > 1024);
    }

    [Fact]
    public void Large_images_in_several_chunks_agree_with_the_reference()
    {
        CheckResult[] results = [.. OperatorCases.All.Where(@case => @case.Size == CaseSize.Large && Is3x3(@case))
            .Select(@case => OperatorCheck.Run(_with, @case))];
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Case.Name}: {result.Message}"));
        Assert.True(results.Count(result => result.Variant.Contains(Mark)) >= 6);
    }

    [Fact]
    public void Convolutions_in_training_and_their_gradients_agree_with_the_reference()
    {
        CheckResult[] results = [.. Training.Select(@case => OperatorCheck.Run(_with, @case))];
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Case.Name}: {result.Message}"));
        foreach (string name in (string[])["convolution 3x3 winograd", "input gradient winograd", "filter gradient winograd"])
            Assert.True(results.Count(result => result.Variant.Contains(name)) >= 8, name);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(11, 4)]
    [InlineData(67_108_864, 67_108_864)]
    [InlineData(2_147_483_640, 2_147_483_640)]
    public void Padding_beyond_the_taps_and_dilations_beyond_the_image_are_left_to_plain_sums(int padding, int dilation)
    {
        foreach (bool isDown in (bool[])[true, false])
        {
            Shape x = isDown ? new(1, 32, 20, 64) : new(1, 32, 64, 20);
            var convolution = isDown
                ? new Convolution(32, 16, 3, 1, (padding, 1), (dilation, 1))
                : new Convolution(32, 16, 3, 1, (1, padding), (1, dilation));
            Assert.All(Cases(convolution, x).Select(@case => OperatorCheck.Run(_with, @case)),
                result => Assert.True(result.Passed, $"{result.Case.Name}: {result.Message}"));
        }
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small).Where(Is3x3))
        {
            CheckResult result = OperatorCheck.Run(_without, @case);
            Assert.DoesNotContain(Mark, result.Variant);
            Assert.True(result.Passed, $"{@case.Name}: {result.Message}");
        }
    }

    [Fact]
    public void With_more_threads_some_cases_are_shared_by_channels_instead_of_rows()
    {
        // ThreadTests compares their bits.
        using Device alone = Device.Open("cpu", new() { Threads = 1 });
        Type[][] ways =
            [.. OperatorCases.UpTo(CaseSize.Small).Where(Is3x3).Select(@case => (Type[])[Way(alone, @case), Way(_with, @case)])];
        Assert.Contains(ways, way => way[0] == typeof(WinogradByRows) && way[1] == typeof(WinogradByRows));
        Assert.Contains(ways, way => way[0] == typeof(WinogradByRows) && way[1] == typeof(WinogradByChannels));
        Assert.Contains(ways, way => way[0] == typeof(WinogradByChannels) && way[1] == typeof(WinogradByChannels));
    }

    public void Dispose()
    {
        _with.Dispose();
        _without.Dispose();
    }

    /// <summary>Every geometry with channels and planes that are no multiples of tiles, and with several chunks of tiles.</summary>
    internal static IEnumerable<OperatorCase> Training =>
    [
        .. from g in ConvolutionGeometry.Geometries
           where g.Kernel == 3 && g.Stride == 1
           from @case in Cases(new Convolution(18, 37, 3, 1, g.Padding, g.Dilation), new Shape(2, 18, 21, 35))
           select @case,
        .. Cases(new Convolution(40, 16, 3, 1, 1, 1), new Shape(1, 40, 90, 65)),
    ];

    private static OperatorCase[] Cases(Convolution convolution, Shape x)
    {
        Shape y = convolution.Infer([x])[0];
        Shape filter = new(convolution.OutChannels, convolution.InChannels, 3, 3), bias = new(1, convolution.OutChannels, 1, 1);
        return
        [
            new(new TrainableConvolution(convolution, HasBias: true), [x, filter, bias], CaseSize.Small),
            new(new ConvolutionInputGradient(convolution, (x.H, x.W)), [y, filter], CaseSize.Small),
            new(new ConvolutionFilterGradient(convolution), [y, x], CaseSize.Small),
        ];
    }

    private static bool Is3x3(OperatorCase @case) =>
        @case.Specification is Convolution { Kernel: { Height: 3, Width: 3 }, Stride: { Height: 1, Width: 1 } };

    private static Type Way(Device device, OperatorCase @case)
    {
        using var prepared = new PreparedCase(device, @case, new CaseData(@case));
        return prepared.Operation is ConvolutionSimd simd ? simd.Algorithm.GetType() : prepared.Operation.GetType();
    }

    private static string Variant(Device device, OperatorCase @case)
    {
        using var prepared = new PreparedCase(device, @case, new CaseData(@case));
        return prepared.Operation.Variant;
    }
}
