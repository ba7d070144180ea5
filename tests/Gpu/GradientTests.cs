using CsCheck;
using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// The reference of every gradient, to which devices are held, against central differences of the reference of what it
/// is the gradient of.
/// </summary>
public class GradientTests
{
    private const int Draws = 25;

    private static readonly Gen<Shape> _shapes =
        Gen.Select(Gen.Int[1, 2], Gen.Int[1, 3], Gen.Int[1, 6], Gen.Int[1, 6]).Select((n, c, h, w) => new Shape(n, c, h, w));

    private static readonly Gen<Size2D> _sizes = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]).Select((h, w) => new Size2D(h, w));

    /// <summary>What is claimed of an operator, at random shapes.</summary>
    private static readonly Dictionary<string, Gen<(Func<Numbers, Claim> Make, ulong Seed)>> _claims = new()
    {
        ["convolution"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3], _sizes, _sizes, _sizes, _sizes).Select(
            (x, outputs, kernel, stride, padding, dilation) => Convolve(x, outputs, kernel, stride, padding, dilation, 1))),
        ["convolution 1x1"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3]).Select((x, outputs) => Convolve(x, outputs, 1, 1, 1, 1, 1))),
        ["convolution in groups"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3], Gen.Int[1, 3], _sizes, _sizes, _sizes).Select(
            (x, groups, outputs, kernel, padding, stride) =>
                Convolve(x with { C = x.C * groups }, outputs * groups, kernel, stride, padding, 1, groups))),
        ["depthwise convolution"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 2], _sizes, _sizes, _sizes, _sizes).Select(
            (x, outputs, kernel, padding, stride, dilation) =>
                Convolve(x with { C = x.C + 1 }, outputs * (x.C + 1), kernel, stride, padding, dilation, x.C + 1))),
        ["batch norm"] = Seeded(_shapes.Select(x => x with { W = x.W + 1 }).Select(Normalize)),
        ["frozen batch norm"] = Seeded(_shapes.Select(NormalizeFrozen)),
        ["layer norm"] = Seeded(_shapes.Select(PixelNorm)),
        ["group norm"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3]).Select((x, groups) => GroupsNorm(x, groups))),
        ["matrix decomposition"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3]).Select(Decompose)),
        ["strip means"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 3]).Select((x, which) => Means(x, which != 1, which != 2))),
        ["strip gate"] = Seeded(_shapes.Select(Gate)),
        ["expand-add"] = Seeded(_shapes.Select(x => Expand(x, relu: false))),
        ["expand-add-relu"] = Seeded(_shapes.Select(x => Expand(x, relu: true))),
        ["adaptive average pool"] = Seeded(Gen.Select(_shapes, _sizes).Select(Pool)),
        ["max pool"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 5], Gen.Int[1, 3]).Select(Maximum)),
        ["average pool"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 5], Gen.Int[1, 3]).Select(Mean)),
        ["bilinear"] = Seeded(Gen.Select(_shapes, _sizes).Select((x, size) => Interpolate(x, size, ResizeRule.CornerAligned))),
        ["half-pixel bilinear"] = Seeded(Gen.Select(_shapes, _sizes).Select((x, size) => Interpolate(x, size, ResizeRule.HalfPixel))),
        ["concat"] = Seeded(Gen.Select(_shapes, Gen.Int[1, 4]).Select(Join)),
        ["relu"] = Seeded(_shapes.Select(x => Function(x, PointwiseKind.Relu, PointwiseKind.ReluGradient))),
        ["sigmoid"] = Seeded(_shapes.Select(x => Function(x, PointwiseKind.Sigmoid, PointwiseKind.SigmoidGradient))),
        ["gelu"] = Seeded(_shapes.Select(Gelu)),
        ["softmax"] = Seeded(_shapes.Select(Softmax)),
        ["scale channels"] = Seeded(_shapes.Select(Scale)),
        ["cross entropy"] = Seeded(Gen.Select(_shapes, _sizes).Select((x, map) => Loss(x, map, new CrossEntropy()))),
        ["cross entropy with a class ignored"] =
            Seeded(Gen.Select(_shapes, _sizes).Select((x, map) => Loss(x, map, new CrossEntropy(Ignored: 1)))),
        ["half-pixel cross entropy"] =
            Seeded(Gen.Select(_shapes, _sizes).Select((x, map) => Loss(x, map, new CrossEntropy(Rule: ResizeRule.HalfPixel)))),
        ["weighted cross entropy"] = Seeded(Gen.Select(_shapes, _sizes).Select((x, map) => Loss(x, map, new CrossEntropy(Weighted: true)))),
    };

    public static TheoryData<string> Names => [.. _claims.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_reference_of_a_gradient_is_the_slope_of_the_reference(string name)
    {
        foreach ((Claim claim, Numbers numbers) in Drawn(name))
        {
            string? fault = claim.Fault(numbers);
            Assert.True(fault is null, fault);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_gradient_that_is_off_by_a_hundredth_is_found(string name)
    {
        int inputs = Drawn(name).First().Claim.Inputs.Length;
        for (int input = 0; input < inputs; input++)
        {
            double[] factors = [.. Enumerable.Range(0, inputs).Select(other => other == input ? 1.01 : 1)];
            bool constant = Drawn(name).All(one => one.Claim.IsConstant(input));
            Assert.Equal(constant, Drawn(name).All(one => one.Claim.Fault(one.Numbers, factors) is null));
        }
    }

    private static IEnumerable<(Claim Claim, Numbers Numbers)> Drawn(string name) =>
        _claims[name].Array[Draws].Single(_ => true, "0N0XIzNsQ0O2").Select(one =>
        {
            var numbers = new Numbers(one.Seed);
            return (one.Make(numbers), numbers);
        });

    private static Gen<(Func<Numbers, Claim> Make, ulong Seed)> Seeded(Gen<Func<Numbers, Claim>> claims) => Gen.Select(claims, Gen.ULong);

    /// <summary>A convolution, at a plane that is enlarged to hold the kernel where padding does not.</summary>
    private static Func<Numbers, Claim> Convolve(
        Shape x, int outputs, Size2D kernel, Size2D stride, Size2D padding, Size2D dilation, int groups) => numbers =>
    {
        (kernel, stride) =
            ((Math.Min(kernel.Height, 3), Math.Min(kernel.Width, 3)), (Math.Min(stride.Height, 3), Math.Min(stride.Width, 3)));
        padding = (padding.Height - 1, padding.Width - 1);
        x = x with
        {
            H = Math.Max(x.H, (kernel.Height - 1) * dilation.Height + 1 - 2 * padding.Height),
            W = Math.Max(x.W, (kernel.Width - 1) * dilation.Width + 1 - 2 * padding.Width),
        };
        var convolution = new Convolution(x.C, outputs, kernel, stride, padding, dilation) { Groups = groups };
        Samples[] inputs =
            [numbers.Uniform(x), numbers.Uniform(TrainableConvolution.Filter(convolution)), numbers.Uniform(new Shape(1, outputs, 1, 1))];
        return Claim.Of(new TrainableConvolution(convolution, HasBias: true), inputs, (at, _, dy) =>
        [
            .. Claim.Evaluate(new ConvolutionInputGradient(convolution, (x.H, x.W)), dy[0], at[1]),
            .. Claim.Evaluate(new ConvolutionFilterGradient(convolution), dy[0], at[0]),
            .. Claim.Evaluate(new ChannelSums(), dy[0]),
        ]);
    };

    /// <summary>On the statistics of the batch: the slope goes through them.</summary>
    private static Func<Numbers, Claim> Normalize(Shape x) => numbers => new Claim(
        [numbers.Uniform(x), .. Channels(numbers, x, 2)],
        at => Claim.Evaluate(new BatchNormTransform(), [at[0], .. Claim.Evaluate(new BatchStatistics(), at[0]), at[1], at[2]]),
        (at, dy) =>
            Claim.Evaluate(new BatchNormGradient(Frozen: false), [dy[0], at[0], .. Claim.Evaluate(new BatchStatistics(), at[0]), at[1]]));

    private static Func<Numbers, Claim> NormalizeFrozen(Shape x) => numbers =>
    {
        Samples[] statistics = [.. Channels(numbers, x, 1), numbers.Between(new Shape(1, x.C, 1, 1), 0.1, 4)];
        return new Claim(
            [numbers.Uniform(x), .. Channels(numbers, x, 2)],
            at => Claim.Evaluate(new BatchNormTransform(), [at[0], .. statistics, at[1], at[2]]),
            (at, dy) => Claim.Evaluate(new BatchNormGradient(Frozen: true), [dy[0], at[0], .. statistics, at[1]]));
    };

    private static IEnumerable<Samples> Channels(Numbers numbers, Shape x, int count) =>
        Enumerable.Range(0, count).Select(_ => numbers.Uniform(new Shape(1, x.C, 1, 1)));

    private static Func<Numbers, Claim> Means(Shape x, bool overWidth, bool overHeight) => numbers =>
        Claim.Of(new StripMeans(overWidth, overHeight), [numbers.Uniform(x)], (_, _, dy) =>
            Claim.Evaluate(new StripMeansGradient((x.H, x.W), overWidth, overHeight), dy));

    private static Func<Numbers, Claim> Gate(Shape x) => numbers =>
        Claim.Of(new StripGate(), [numbers.Uniform(x), numbers.Uniform(x with { W = 1 }), numbers.Uniform(x with { H = 1 })], (at, _, dy) =>
            Claim.Evaluate(new StripGateGradient(), [dy[0], .. at]));

    /// <summary>Sums that are never within a sixteenth of zero, where relu has a corner.</summary>
    private static Func<Numbers, Claim> Expand(Shape x, bool relu) => numbers =>
        Claim.Of(new ExpandAdd(relu), [numbers.Eighths(x with { W = 1 }, 0), numbers.Eighths(x with { H = 1 }, 1.0 / 16)], (at, _, dy) =>
            Claim.Evaluate(new ExpandAddGradient(relu), relu ? [dy[0], .. at] : dy));

    private static Func<Numbers, Claim> Pool(Shape x, Size2D output) => numbers =>
        Claim.Of(new AdaptiveAveragePool(output), [numbers.Uniform(x)], (_, _, dy) =>
            Claim.Evaluate(new AdaptiveAveragePoolGradient((x.H, x.W)), dy));

    private static Func<Numbers, Claim> Maximum(Shape x, int kernel, int stride) => numbers =>
    {
        x = x with { H = Math.Max(x.H, kernel - kernel / 2 * 2), W = Math.Max(x.W, kernel - kernel / 2 * 2) };
        var pool = new MaxPool(kernel, stride, kernel / 2);
        return Claim.Of(pool, [numbers.Distinct(x)], (at, _, dy) => Claim.Evaluate(new MaxPoolGradient(pool), dy[0], at[0]));
    };

    private static Func<Numbers, Claim> Mean(Shape x, int kernel, int stride) => numbers =>
    {
        x = x with { H = Math.Max(x.H, kernel - kernel / 2 * 2), W = Math.Max(x.W, kernel - kernel / 2 * 2) };
        var pool = new AveragePool(kernel, stride, kernel / 2);
        return Claim.Of(pool, [numbers.Uniform(x)], (_, _, dy) => Claim.Evaluate(new AveragePoolGradient(pool, (x.H, x.W)), dy));
    };

    private static Func<Numbers, Claim> Interpolate(Shape x, Size2D output, ResizeRule rule) => numbers =>
        Claim.Of(new Bilinear(output, rule), [numbers.Uniform(x)],
            (_, _, dy) => Claim.Evaluate(new BilinearGradient((x.H, x.W), rule), dy));

    private static Func<Numbers, Claim> Join(Shape x, int channels) => numbers =>
        Claim.Of(new Concat(), [numbers.Uniform(x), numbers.Uniform(x with { C = channels })], (_, _, dy) =>
            [.. Claim.Evaluate(new ChannelSlice(0, x.C), dy), .. Claim.Evaluate(new ChannelSlice(x.C, channels), dy)]);

    private static Func<Numbers, Claim> Function(Shape x, PointwiseKind forward, PointwiseKind gradient) => numbers =>
        Claim.Of(new Pointwise(forward), [numbers.Distinct(x)], (_, y, dy) => Claim.Evaluate(new Pointwise(gradient), dy[0], y[0]));

    private static Func<Numbers, Claim> Gelu(Shape x) => numbers =>
        Claim.Of(new Pointwise(PointwiseKind.Gelu), [numbers.Uniform(x)],
            (at, _, dy) => Claim.Evaluate(new Pointwise(PointwiseKind.GeluGradient), dy[0], at[0]));

    private static Func<Numbers, Claim> PixelNorm(Shape x) => numbers =>
        Claim.Of(new LayerNorm(), [Spread(numbers.Distinct(x))], (at, _, dy) => Claim.Evaluate(new LayerNormGradient(), dy[0], at[0]));

    /// <summary>No two within a half of each other: norms of a few close numbers bend too much for differences.</summary>
    private static Samples Spread(Samples distinct) => distinct with { Values = [.. distinct.Values.Select(value => 50 * value)] };

    private static Func<Numbers, Claim> GroupsNorm(Shape x, int groups) => numbers =>
    {
        var norm = new GroupNorm(groups);
        return Claim.Of(norm, [Spread(numbers.Distinct(x with { C = groups * x.C }))],
            (at, _, dy) => Claim.Evaluate(new GroupNormGradient(norm), dy[0], at[0]));
    };

    /// <summary>
    /// The last improvement is linear in x and its own transpose: at the x where the others are taken the gradient of dy = x is
    /// the result, and along any line from there it is the slope.
    /// </summary>
    private static Func<Numbers, Claim> Decompose(Shape x, int rank) => numbers =>
    {
        var gradient = new MatrixDecompositionGradient(new MatrixDecomposition(rank, 2, 1));
        Samples at = Absolute(numbers.Uniform(x));
        Assert.All(Claim.Evaluate(gradient, at, at)[0].Values.Zip(Claim.Evaluate(gradient.Forward, at)[0].Values),
            pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        return new Claim([at], moved => Claim.Evaluate(gradient, moved[0], at), (_, dy) => Claim.Evaluate(gradient, dy[0], at));
    };

    private static Samples Absolute(Samples samples) => samples with { Values = [.. samples.Values.Select(Math.Abs)] };

    private static Func<Numbers, Claim> Softmax(Shape x) => numbers =>
        Claim.Of(new Softmax(), [numbers.Uniform(x)], (_, y, dy) => Claim.Evaluate(new SoftmaxGradient(), dy[0], y[0]));

    private static Func<Numbers, Claim> Scale(Shape x) => numbers =>
        Claim.Of(new ScaleChannels(), [numbers.Uniform(x), numbers.Uniform(x with { H = 1, W = 1 })], (at, _, dy) =>
            [.. Claim.Evaluate(new ScaleChannels(), dy[0], at[1]), null]);

    /// <summary>Of the outputs only the loss is differentiated; its own gradient is a factor of that of the logits.</summary>
    private static Func<Numbers, Claim> Loss(Shape x, Size2D map, CrossEntropy loss) => numbers =>
    {
        x = x with { C = x.C + 1 };
        const float factor = 0.4f;
        Samples[] constants = [numbers.Labels(new Shape(x.N, 1, map.Height, map.Width), x.C, loss.Ignored)];
        Samples[] weights = loss.Weighted ? [numbers.Between(new Shape(1, x.C, 1, 1), 0.25, 2)] : [];
        return new Claim(
            [numbers.Uniform(x)],
            at => [Numbers.Fill(new Shape(1, 1, 1, 1), _ => factor * Claim.Evaluate(loss, [at[0], .. constants, .. weights])[0].Values[0])],
            (at, dy) =>
            {
                Samples[] results = Claim.Evaluate(loss, [at[0], .. constants, .. weights]);
                Samples dx = Claim.Evaluate(new CrossEntropyGradient(loss, factor), [at[0], .. constants, .. results, .. weights])[0];
                return [Numbers.Fill(x, index => dx.Values[index] * dy[0].Values[0])];
            });
    };
}
