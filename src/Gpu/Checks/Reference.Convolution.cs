namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element Convolve(Convolution convolution, CaseData data)
    {
        Samples x = convolution.ExpandAddRelu ? Loaded(data.Inputs[0], data.Inputs[1]) : data.Inputs[0];
        var filter = new Samples(Array.ConvertAll(data.Weight!, weight => (double)weight), TrainableConvolution.Filter(convolution));
        int next = convolution.SourceInputs;
        Samples? residual = convolution.Epilogue.HasFlag(Epilogue.Residual) ? data.Inputs[next++] : null;
        Samples? multiplier = convolution.Epilogue.HasFlag(Epilogue.Multiply) ? data.Inputs[next] : null;
        return (n, o, i, j) =>
        {
            Estimate y = WindowSum(convolution, x, filter, data.Bias![o], n, o, i, j);
            if (residual is not null)
                y += residual[n, o, i, j];
            if (convolution.Epilogue.HasFlag(Epilogue.Relu))
                y = y.Relu();
            if (convolution.Epilogue.HasFlag(Epilogue.Sigmoid))
                y = y.Sigmoid();
            return multiplier is null ? y : y * multiplier[n, o, i, j];
        };
    }

    private static Element Convolve(Convolution convolution, Samples x, Samples filter, Samples? bias) =>
        (n, o, i, j) => WindowSum(convolution, x, filter, bias?[0, o, 0, 0] ?? 0, n, o, i, j);

    private static Estimate WindowSum(Convolution convolution, Samples x, Samples filter, double bias, int n, int o, int i, int j)
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

    /// <summary>relu(expand(a) + expand(b)), rounded to float32 as a kernel does when it loads it.</summary>
    private static Samples Loaded(Samples a, Samples b)
    {
        var shape = a.Shape with { W = b.Shape.W };
        Element element = Expand(a, b, relu: true);
        double[] values = new double[shape.Count];
        for (int index = 0; index < values.Length; index++)
        {
            (int n, int c, int i, int j) = shape.Position(index);
            values[index] = (float)element(n, c, i, j).Value;
        }
        return new Samples(values, shape);
    }
}
