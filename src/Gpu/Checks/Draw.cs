namespace SpGpu.Gpu.Checks;

/// <summary>Draws the numbers of a case from its seed, each input such as its operator takes it.</summary>
internal sealed class Draw(OperatorCase @case)
{
    private readonly SplitMix _random = new(@case.Seed);

    /// <summary>The input number <paramref name="input"/>.</summary>
    public Samples Input(int input)
    {
        Shape shape = @case.Inputs[input];
        bool narrow = @case.Content == Content.Narrow;
        Func<double> one = (@case.Specification, input) switch
        {
            (CrossEntropy loss, 1) => Label(loss.Ignored),
            (CrossEntropyGradient gradient, 1) => Label(gradient.Forward.Ignored),
            (HardExamples hard, 1) => Label(hard.Ignored),
            (CrossEntropy, 2) or (CrossEntropyGradient, 4) => ClassWeight,
            (BatchNormTransform, 2) or (BatchNormGradient, 3) or (RunningStatistics, 1) => narrow ? Between(1e-7f, 1e-5f) : Between(0.1f, 4f),
            (BatchStatistics, 0) when narrow => Between(99.9f, 100.1f),
            (SoftmaxGradient, 1) or (Pointwise { Kind: PointwiseKind.SigmoidGradient }, 1) => Between(0f, 1f),
            (SgdStep, _) => Between(0.01f, 0.1f),
            _ when @case.Specification.TypeOf(input) == DataType.UInt8 => () => _random.Below(256),
            _ when @case.Content == Content.Integers => () => _random.Below(5) - 2,
            _ => () => _random.Within(@case.Content == Content.Wide ? 120f : 2f),
        };
        Samples samples = Fill(shape, one);
        if (@case.Content == Content.Ties)
            RepeatChannels(samples);
        if (@case.Content == Content.NaN)
            SprinkleNaN(samples);
        return samples;
    }

    /// <summary>Numbers between -2 and 2.</summary>
    public Samples Uniform(Shape shape) => Fill(shape, () => _random.Within(2f));

    /// <summary>Numbers between -<paramref name="most"/> and <paramref name="most"/>.</summary>
    public float[] Floats(int count, float most)
    {
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = _random.Within(most);
        return values;
    }

    private static Samples Fill(Shape shape, Func<double> one)
    {
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = one();
        return new Samples(values, shape);
    }

    /// <summary>Floats from <paramref name="low"/> to <paramref name="high"/>.</summary>
    private Func<double> Between(float low, float high) => () => (low + high) / 2 + _random.Within((high - low) / 2);

    private Func<double> Label(byte ignored) => () => @case.Content switch
    {
        Content.Ignored => ignored,
        Content.Strays => _random.Below(256),
        _ => _random.Below(8) == 0 ? ignored : _random.Below(@case.Inputs[0].C),
    };

    /// <summary>About one class in four does not count.</summary>
    private double ClassWeight() =>
        @case.Content == Content.Weightless || _random.Below(4) == 0 ? 0 : 1.25f + _random.Within(1f);

    private static void RepeatChannels(Samples samples)
    {
        (double[] values, Shape shape) = samples;
        for (int n = 0; n < shape.N; n++)
        {
            for (int c = 1; c < shape.C; c += 2)
            {
                int plane = (n * shape.C + c) * shape.Plane;
                values.AsSpan(plane - shape.Plane, shape.Plane).CopyTo(values.AsSpan(plane));
            }
        }
    }

    private void SprinkleNaN(Samples samples)
    {
        (double[] values, Shape shape) = samples;
        for (int i = 0; i < values.Length; i++)
        {
            if (_random.Below(12) == 0)
                values[i] = double.NaN;
        }
        for (int pixel = 0; pixel < shape.N * shape.Plane; pixel++)
        {
            if (_random.Below(8) != 0)
                continue;
            int first = pixel / shape.Plane * (int)shape.ImageLength + pixel % shape.Plane;
            for (int c = 0; c < shape.C; c++)
                values[first + c * shape.Plane] = double.NaN;
        }
    }
}
