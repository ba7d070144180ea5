using System.Collections.Immutable;

namespace SpGpu.Gpu.Checks;

/// <summary>The numbers that a case runs on, made from its seed.</summary>
public sealed class CaseData
{
    private readonly SplitMix _random;

    /// <summary>Makes the data of <paramref name="case"/>.</summary>
    public CaseData(OperatorCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        _random = new SplitMix(@case.Seed);
        Inputs = [.. @case.Inputs.Select((shape, input) => Input(shape, input, @case))];
        if (@case.Specification is Convolution convolution)
        {
            int fanIn = convolution.InChannels * convolution.Kernel.Height * convolution.Kernel.Width;
            Weight = Uniform(convolution.OutChannels * fanIn, 2f / MathF.Sqrt(fanIn));
            Bias = Uniform(convolution.OutChannels, 2f);
        }
        else if (@case.Specification is BatchNorm norm)
        {
            Weight = Uniform(norm.Channels, 2f);
            Bias = Uniform(norm.Channels, 2f);
        }
        Before = [.. @case.Outputs.Select((shape, output) =>
            @case.Specification.Updates(output) ? new Samples(Uniform((int)shape.Count, 2f), shape) : null)];
    }

    /// <summary>The inputs.</summary>
    public ImmutableArray<Samples> Inputs { get; }

    /// <summary>The filter or the factors, for operators with parameters.</summary>
    public float[]? Weight { get; }

    /// <summary>The value added to each output channel, for operators with parameters.</summary>
    public float[]? Bias { get; }

    /// <summary>What each output holds before the run; null for an output that is not read.</summary>
    public ImmutableArray<Samples?> Before { get; }

    private Samples Input(Shape shape, int input, OperatorCase @case)
    {
        float[] values = @case.Specification.TypeOf(input) == DataType.UInt8
            ? [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)_random.Below(256))]
            : Uniform((int)shape.Count, @case.Content == Content.Wide ? 120f : 2f);
        if (@case.Content == Content.Ties)
            RepeatChannels(values, shape);
        if (@case.Content == Content.NaN)
            SprinkleNaN(values, shape);
        return new Samples(values, shape);
    }

    private float[] Uniform(int count, float most)
    {
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = _random.Within(most);
        return values;
    }

    private static void RepeatChannels(float[] values, Shape shape)
    {
        for (int n = 0; n < shape.N; n++)
        {
            for (int c = 1; c < shape.C; c += 2)
            {
                int plane = (n * shape.C + c) * shape.Plane;
                values.AsSpan(plane - shape.Plane, shape.Plane).CopyTo(values.AsSpan(plane));
            }
        }
    }

    private void SprinkleNaN(float[] values, Shape shape)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (_random.Below(12) == 0)
                values[i] = float.NaN;
        }
        for (int pixel = 0; pixel < shape.N * shape.Plane; pixel++)
        {
            if (_random.Below(8) != 0)
                continue;
            int first = pixel / shape.Plane * (int)shape.ImageLength + pixel % shape.Plane;
            for (int c = 0; c < shape.C; c++)
                values[first + c * shape.Plane] = float.NaN;
        }
    }
}
