using System.Collections.Immutable;

namespace SpGpu.Gpu.Checks;

/// <summary>The numbers that a case runs on.</summary>
public sealed class CaseData
{
    /// <summary>Makes the data of <paramref name="case"/> from its seed.</summary>
    public CaseData(OperatorCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var draw = new Draw(@case);
        Inputs = Reference.WithResults(@case.Specification, [.. @case.Inputs.Select((_, input) => draw.Input(input))]);
        if (@case.Specification is Convolution convolution)
        {
            int fanIn = convolution.InChannels * convolution.Kernel.Height * convolution.Kernel.Width;
            Weight = draw.Floats(convolution.OutChannels * fanIn, 2f / MathF.Sqrt(fanIn));
            Bias = draw.Floats(convolution.OutChannels, 2f);
        }
        else if (@case.Specification is BatchNorm norm)
        {
            Weight = draw.Floats(norm.Channels, 2f);
            Bias = draw.Floats(norm.Channels, 2f);
        }
        Before = [.. @case.Outputs.Select((shape, output) => @case.Specification.Updates(output) ? draw.Uniform(shape) : null)];
    }

    /// <summary>Takes numbers as they are, for an operator without packed parameters.</summary>
    internal CaseData(ImmutableArray<Samples> inputs, ImmutableArray<Samples?> before) => (Inputs, Before) = (inputs, before);

    /// <summary>The inputs.</summary>
    public ImmutableArray<Samples> Inputs { get; }

    /// <summary>The filter or the factors, for operators with packed parameters.</summary>
    public float[]? Weight { get; }

    /// <summary>The value added to each output channel, for operators with packed parameters.</summary>
    public float[]? Bias { get; }

    /// <summary>What each output holds before the run; null for an output that is not read.</summary>
    public ImmutableArray<Samples?> Before { get; }
}
