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

    /// <summary>A convolution that keeps the plane at stride 1.</summary>
    public static Convolution Conv(int channels, int outputs, Size2D kernel, int stride = 1, int dilation = 1) =>
        new(channels, outputs, kernel, stride, (kernel.Height / 2 * dilation, kernel.Width / 2 * dilation), dilation);

    /// <summary>The sum of one output element without an epilogue.</summary>
    public static Estimate WindowSum(Convolution convolution, Samples x, Samples filter, double bias, int n, int o, int i, int j)
    {
        (int kernelHeight, int kernelWidth) = (convolution.Kernel.Height, convolution.Kernel.Width);
        (double sum, double magnitude, int terms) = (bias, Math.Abs(bias), 0);
        for (int c = 0; c < convolution.InChannels; c++)
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
                    double product = filter[o, c, u, v] * x[n, c, row, column];
                    sum += product;
                    magnitude += Math.Abs(product);
                    terms++;
                }
            }
        }
        // Winograd's algorithm computes tiles, and a window that padding cuts short shares the rounding of whole ones.
        int all = convolution.InChannels * kernelHeight * kernelWidth;
        bool isTiled = (kernelHeight, kernelWidth, convolution.Stride.Height, convolution.Stride.Width) == (3, 3, 1, 1);
        return isTiled && terms > 0 ? Estimate.Sum(sum, magnitude * all / terms, all) : Estimate.Sum(sum, magnitude, terms);
    }
}
