using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>What the checks of the convolutions share: geometries around which cases are made, and the sum under a window.</summary>
internal static class ConvolutionGeometry
{
    /// <summary>Kernel, stride, padding, dilation.</summary>
    public static IReadOnlyList<(Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation)> Geometries { get; } =
    [
        (1, 1, 0, 1), (1, 2, 0, 1), (1, (2, 1), 0, 1), (1, 1, 1, 1),
        (3, 1, 1, 1), (3, 2, 1, 1), (3, (2, 1), 1, 1), (3, (1, 2), 1, 1), (3, 1, 0, 1), (3, 2, 0, 1), (3, 1, 2, 1),
        (3, 1, 2, 2), (3, 1, 4, 4), (3, 1, 8, 8), (3, 1, 16, 16), (3, 2, 2, 2), (3, 1, (2, 4), (2, 4)), (3, 1, 0, 2),
        ((1, 3), 1, (0, 1), 1), ((3, 1), 1, (1, 0), 1), ((1, 3), 1, 0, 1), ((3, 1), (2, 1), (1, 0), 1), ((3, 1), 1, (2, 0), (2, 1)),
        (7, 2, 3, 1), (7, 1, 3, 1), (5, 1, 2, 1), (2, 2, 0, 1), ((1, 7), 1, (0, 3), 1),
    ];

    private static readonly (int In, int Out, int Groups)[] _groupedChannels = [(5, 5, 5), (4, 8, 4), (6, 9, 3)];

    private static readonly Size2D[] _depthwiseKernels = [3, 5, (1, 3), (3, 1)];

    private static readonly Size2D[] _longPlanes = [(32, 41), (35, 33), (64, 9)];

    private static readonly (int Channels, int Side, int Stride)[] _depthwiseLayers =
        [(64, 120, 1), (128, 60, 1), (128, 60, 2), (256, 60, 1), (256, 30, 1)];

    /// <summary>A convolution that keeps the plane at stride 1.</summary>
    public static Convolution Conv(int channels, int outputs, Size2D kernel, int stride = 1, int dilation = 1) =>
        new(channels, outputs, kernel, stride, (kernel.Height / 2 * dilation, kernel.Width / 2 * dilation), dilation);

    /// <summary>Convolutions in groups, with an input that has two images: depthwise ones, some with several outputs a channel.</summary>
    public static IEnumerable<(Convolution Convolution, Shape Input)> Grouped =>
    [
        .. from g in Geometries
           from channels in _groupedChannels
           let convolution = new Convolution(channels.In, channels.Out, g.Kernel, g.Stride, g.Padding, g.Dilation)
           select (convolution with { Groups = channels.Groups }, new Shape(2, channels.In, 13, 19)),
        .. from plane in Planes
           from kernel in _depthwiseKernels
           from stride in Enumerable.Range(1, 2)
           select (Conv(3, 3, kernel, stride) with { Groups = 3 }, Shape(2, 3, plane)),
        // Planes of which the cpu copies both ends only.
        .. from dilation in Enumerable.Range(1, 3)
           from plane in _longPlanes
           select (Conv(3, 3, 3, dilation: dilation) with { Groups = 3 }, Shape(2, 3, plane)),
    ];

    /// <summary>One of a few elements of each kind.</summary>
    public static IEnumerable<(Convolution Convolution, Shape Input)> TinyGrouped =>
    [
        (Conv(3, 3, 3) with { Groups = 3 }, new Shape(2, 3, 5, 4)),
        (Conv(2, 4, 3, stride: 2) with { Groups = 2 }, new Shape(1, 2, 4, 8)),
        (Conv(2, 2, (1, 3), dilation: 2) with { Groups = 2 }, new Shape(2, 2, 3, 5)),
        (Conv(4, 6, 3) with { Groups = 2 }, new Shape(1, 4, 4, 4)),
        (Conv(4, 2, 1) with { Groups = 2 }, new Shape(2, 4, 3, 3)),
    ];

    /// <summary>Those that are tried at every place in memory.</summary>
    public static IEnumerable<(Convolution Convolution, Shape Input)> PlacedGrouped =>
    [
        (Conv(5, 5, 3) with { Groups = 5 }, new Shape(2, 5, 8, 12)), (Conv(5, 5, 3) with { Groups = 5 }, new Shape(2, 5, 7, 13)),
        (Conv(6, 9, 3) with { Groups = 3 }, new Shape(2, 6, 8, 12)),
    ];

    /// <summary>Depthwise layers of small networks on one picture of 480x480.</summary>
    public static IEnumerable<(Convolution Convolution, Shape Input)> LargeGrouped =>
    [
        .. from layer in _depthwiseLayers
           select (Conv(layer.Channels, layer.Channels, 3, layer.Stride) with { Groups = layer.Channels },
               new Shape(1, layer.Channels, layer.Side, layer.Side)),
        (Conv(256, 256, 3) with { Groups = 4 }, new Shape(1, 256, 30, 30)),
    ];

    /// <summary>The first input channel that an output channel reads.</summary>
    public static int FirstChannel(Convolution convolution, int output) =>
        output / (convolution.OutChannels / convolution.Groups) * convolution.GroupChannels;

    /// <summary>
    /// Whether Winograd's algorithm may compute it, in tiles: a window that padding cuts short shares the rounding of whole ones.
    /// </summary>
    public static bool IsTiled3x3(Convolution convolution) => convolution.Kernel == 3 && convolution.Stride == 1;

    /// <summary>The sum of one output element without an epilogue.</summary>
    public static Estimate WindowSum(Convolution convolution, Samples x, Samples filter, double bias, int n, int o, int i, int j)
    {
        (int kernelHeight, int kernelWidth) = (convolution.Kernel.Height, convolution.Kernel.Width);
        (double sum, double magnitude, int terms) = (bias, Math.Abs(bias), 0);
        int first = FirstChannel(convolution, o);
        for (int c = 0; c < convolution.GroupChannels; c++)
        {
            for (int u = 0; u < kernelHeight; u++)
            {
                int row = i * convolution.Stride.Height - convolution.Padding.Height + u * convolution.Dilation.Height;
                if (row < 0 || row >= x.Shape.H)
                    continue;
                for (int v = 0; v < kernelWidth; v++)
                {
                    int column = j * convolution.Stride.Width - convolution.Padding.Width + v * convolution.Dilation.Width;
                    if (column < 0 || column >= x.Shape.W)
                        continue;
                    double product = filter[o, c, u, v] * x[n, first + c, row, column];
                    sum += product;
                    magnitude += Math.Abs(product);
                    terms++;
                }
            }
        }
        int all = convolution.GroupChannels * kernelHeight * kernelWidth;
        return IsTiled3x3(convolution) && terms > 0 ? Estimate.Sum(sum, magnitude * all / terms, all) : Estimate.Sum(sum, magnitude, terms);
    }
}
