namespace SpGpu.Checks;

/// <summary>Draws the numbers of a case from its seed, each input such as its operator takes it.</summary>
internal sealed class Draw(OperatorCase @case)
{
    private readonly SplitMix _random = new(@case.Seed);

    /// <summary>What is drawn for.</summary>
    public OperatorCase Case => @case;

    /// <summary>The input number <paramref name="input"/>.</summary>
    public Samples Input(int input)
    {
        Samples samples = Fill(@case.Inputs[input], @case.Check.Drawn(@case.Specification, this, input) ?? Usual(input));
        if (@case.Content == Content.Ties)
            RepeatChannels(samples);
        if (@case.Content == Content.NaN)
            SprinkleNaN(samples);
        return samples;
    }

    /// <summary>What the output number <paramref name="output"/> holds before the run; between -2 and 2 where any numbers do.</summary>
    public Samples Before(int output) => Fill(
        @case.Outputs[output], @case.Check.DrawnBefore(@case.Specification, this, output) ?? (() => _random.Within(2f)));

    /// <summary>Numbers between -<paramref name="most"/> and <paramref name="most"/>.</summary>
    public float[] Floats(int count, float most)
    {
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = _random.Within(most);
        return values;
    }

    /// <summary>An integer from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => _random.Below(limit);

    /// <summary>A float between -<paramref name="most"/> and <paramref name="most"/>.</summary>
    public float Within(float most) => _random.Within(most);

    /// <summary>Floats from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public Func<double> Between(float low, float high) => () => (low + high) / 2 + _random.Within((high - low) / 2);

    private Func<double> Usual(int input)
    {
        if (@case.Specification.TypeOf(input) == DataType.UInt8)
            return () => Below(256);
        if (@case.Content == Content.Integers)
            return () => Below(5) - 2;
        float most = @case.Content == Content.Wide ? 120f : 2f;
        return () => _random.Within(most);
    }

    private static Samples Fill(Shape shape, Func<double> one)
    {
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = one();
        return new Samples(values, shape);
    }

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
