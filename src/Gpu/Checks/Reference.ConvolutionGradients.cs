namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element InputGradient(Convolution convolution, Samples dy, Samples filter) => (n, c, y, x) =>
    {
        var sum = new Total();
        for (int u = 0; u < convolution.Kernel.Height; u++)
        {
            if (Reader(y, u, convolution.Stride.Height, convolution.Padding.Height, convolution.Dilation.Height, dy.Shape.H) is not { } i)
                continue;
            for (int v = 0; v < convolution.Kernel.Width; v++)
            {
                if (Reader(x, v, convolution.Stride.Width, convolution.Padding.Width, convolution.Dilation.Width, dy.Shape.W) is not { } j)
                    continue;
                for (int o = 0; o < convolution.OutChannels; o++)
                    sum.Add(filter[o, c, u, v] * dy[n, o, i, j]);
            }
        }
        return sum.Sum;
    };

    /// <summary>The output position whose tap number <paramref name="tap"/> reads <paramref name="position"/>; null if there is none.</summary>
    private static int? Reader(int position, int tap, int stride, int padding, int dilation, int outputs)
    {
        int start = position + padding - tap * dilation;
        return start >= 0 && start % stride == 0 && start / stride < outputs ? start / stride : null;
    }

    private static Element FilterGradient(Convolution convolution, Samples dy, Samples x, Samples before) => (o, c, u, v) =>
    {
        var sum = new Total();
        for (int n = 0; n < dy.Shape.N; n++)
        {
            for (int i = 0; i < dy.Shape.H; i++)
            {
                int row = i * convolution.Stride.Height - convolution.Padding.Height + u * convolution.Dilation.Height;
                if (row < 0 || row >= x.Shape.H)
                    continue;
                for (int j = 0; j < dy.Shape.W; j++)
                {
                    int column = j * convolution.Stride.Width - convolution.Padding.Width + v * convolution.Dilation.Width;
                    if (column >= 0 && column < x.Shape.W)
                        sum.Add(dy[n, o, i, j] * x[n, c, row, column]);
                }
            }
        }
        return sum.Sum + before[o, c, u, v];
    };

    private static Element ChannelSum(Samples dy, Samples before) => (_, c, _, _) =>
        SumOver(dy, (n, i, j) => dy[n, c, i, j]) + before[0, c, 0, 0];

    /// <summary>A sum over the images, rows and columns of a channel.</summary>
    private static Estimate SumOver(Samples x, Func<int, int, int, Estimate> term)
    {
        var sum = new Total();
        for (int n = 0; n < x.Shape.N; n++)
        {
            for (int i = 0; i < x.Shape.H; i++)
            {
                for (int j = 0; j < x.Shape.W; j++)
                    sum.Add(term(n, i, j));
            }
        }
        return sum.Sum;
    }
}
