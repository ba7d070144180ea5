using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Convolutions without an epilogue: geometry, channels and planes.</summary>
internal static class ConvolutionCases
{
    /// <summary>Channel counts around the tiles of a matrix product, in and out.</summary>
    private static readonly (int In, int Out)[] _channels =
        [(1, 1), (1, 64), (3, 64), (5, 63), (17, 7), (63, 65), (64, 64), (65, 64), (65, 130), (129, 5), (256, 64), (64, 256)];

    /// <summary>Kernel, stride, padding, dilation.</summary>
    public static IReadOnlyList<(Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation)> Geometries { get; } =
    [
        (1, 1, 0, 1), (1, 2, 0, 1), (1, (2, 1), 0, 1), (1, 1, 1, 1),
        (3, 1, 1, 1), (3, 2, 1, 1), (3, (2, 1), 1, 1), (3, (1, 2), 1, 1), (3, 1, 0, 1), (3, 2, 0, 1), (3, 1, 2, 1),
        (3, 1, 2, 2), (3, 1, 4, 4), (3, 1, 8, 8), (3, 1, 16, 16), (3, 2, 2, 2), (3, 1, (2, 4), (2, 4)), (3, 1, 0, 2),
        ((1, 3), 1, (0, 1), 1), ((3, 1), 1, (1, 0), 1), ((1, 3), 1, 0, 1), ((3, 1), (2, 1), (1, 0), 1), ((3, 1), 1, (2, 0), (2, 1)),
        (7, 2, 3, 1), (7, 1, 3, 1), (5, 1, 2, 1), (2, 2, 0, 1), ((1, 7), 1, (0, 3), 1),
    ];

    private static readonly int[] _dilations = [2, 4, 8, 16];

    /// <summary>3x3 without a stride.</summary>
    public static IEnumerable<(Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation)> Tiled =>
        Geometries.Where(g => g.Kernel == (Size2D)3 && g.Stride == (Size2D)1);

    public static IEnumerable<OperatorCase> All =>
    [
        Tiny(Conv(3, 5, 1), new Shape(1, 3, 3, 5)),
        Tiny(Conv(3, 2, 3), new Shape(2, 3, 5, 4)),
        Tiny(Conv(2, 3, 3, stride: 2), new Shape(1, 2, 7, 6)),
        Tiny(Conv(2, 2, 3, dilation: 4), new Shape(1, 2, 3, 5)),
        Tiny(Conv(4, 4, (1, 3)), new Shape(1, 4, 1, 9)),
        Tiny(Conv(4, 4, (3, 1)), new Shape(1, 4, 9, 1)),
        Tiny(new Convolution(2, 2, 7, 2, 3, 1), new Shape(1, 2, 6, 7)),
        // Planes of whole vectors, which GPU kernels read as they lie; the small ones have more pixels and channels than a tile.
        Tiny(Conv(5, 7, 1), new Shape(2, 5, 4, 6)),
        Small(Conv(37, 140, 1), new Shape(2, 37, 12, 12)),
        .. Geometries.Select(g => Small(new Convolution(5, 9, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 5, 13, 19))),
        .. Geometries.Select(g => Small(new Convolution(8, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 8, 32, 32))),
        .. from kernel in new Size2D[] { 1, 3 }
           from channels in _channels
           select Small(Conv(channels.In, channels.Out, kernel), new Shape(1, channels.In, 7, 9)),
        .. from plane in Planes
           from kernel in new Size2D[] { 1, 3, (1, 3), (3, 1) }
           select Small(Conv(6, 18, kernel), Shape(2, 6, plane)),
        .. from plane in Planes
           select Small(Conv(6, 18, 3, stride: 2), Shape(2, 6, plane)),
        // Dilations larger than the plane: all taps but the middle one read padding, on some rows or on all.
        .. from dilation in _dilations
           from plane in new Size2D[] { (7, 5), (8, 16), (17, 33), (30, 20) }
           select Small(Conv(7, 11, 3, dilation: dilation), Shape(1, 7, plane)),
        .. from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (7, 9), (8, 8) }
           select Small(Conv(33, 65, kernel), Shape(3, 33, plane)),
        // Large enough for Winograd's algorithm on the cpu: every geometry, several blocks of channels.
        .. Tiled.Select(g => Small(new Convolution(17, 23, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 17, 30, 41))),
        .. Tiled.Select(g => Small(new Convolution(16, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 16, 32, 64))),
        Small(Conv(530, 16, 3), new Shape(1, 530, 16, 24)),
        Small(Conv(1040, 17, 3, dilation: 2), new Shape(2, 1040, 17, 22)),
        .. Placed(Small(Conv(17, 20, 3), new Shape(2, 17, 20, 28))),
        .. Placed(Small(Conv(17, 20, 3, dilation: 2), new Shape(2, 17, 21, 27))),
        // As many taps as the widest layer of SPNet-50 has: long sums.
        Small(Conv(2048, 3, 3), new Shape(1, 2048, 3, 4)),
        Small(Conv(2048, 65, 1), new Shape(1, 2048, 4, 4)),
        .. Placed(Small(Conv(17, 33, 1), new Shape(2, 17, 8, 12))),
        .. Placed(Small(Conv(17, 33, 1), new Shape(2, 17, 7, 13))),
        .. Placed(Small(Conv(9, 20, 3), new Shape(2, 9, 8, 12))),
        .. Placed(Small(Conv(9, 20, 3), new Shape(2, 9, 7, 13))),
        .. Placed(Small(Conv(9, 20, 3, stride: 2), new Shape(2, 9, 16, 24))),
        .. Placed(Small(Conv(9, 20, (1, 3)), new Shape(2, 9, 1, 60))),
        .. Placed(Small(Conv(9, 20, (3, 1)), new Shape(2, 9, 60, 1))),
        .. Placed(Tiny(Conv(2, 3, 3), new Shape(2, 2, 4, 4))),
    ];

    /// <summary>A convolution that keeps the plane at stride 1.</summary>
    public static Convolution Conv(int channels, int outputs, Size2D kernel, int stride = 1, int dilation = 1) =>
        new(channels, outputs, kernel, stride, (kernel.Height / 2 * dilation, kernel.Width / 2 * dilation), dilation);
}
