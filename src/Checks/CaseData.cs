using System.Collections.Immutable;

namespace SpGpu.Checks;

/// <summary>The numbers that a case runs on.</summary>
internal sealed class CaseData
{
    /// <summary>Makes the data of <paramref name="case"/> from its seed.</summary>
    public CaseData(OperatorCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var draw = new Draw(@case);
        Inputs = @case.Check.Completed(@case.Specification, [.. @case.Inputs.Select((_, input) => draw.Input(input))]);
        (Weight, Bias) = @case.Check.Parameters(@case.Specification, draw);
        Before = [.. @case.Outputs.Select((_, output) => @case.Specification.Updates(output) ? draw.Before(output) : null)];
        Origin = @case.Origin;
    }

    /// <summary>Takes numbers as they are, for an operator without packed parameters.</summary>
    public CaseData(ImmutableArray<Samples> inputs, ImmutableArray<Samples?> before) => (Inputs, Before) = (inputs, before);

    /// <summary>The inputs.</summary>
    public ImmutableArray<Samples> Inputs { get; }

    /// <summary>The filter or the factors, for operators with packed parameters.</summary>
    public float[]? Weight { get; }

    /// <summary>The value added to each output channel, for operators with packed parameters.</summary>
    public float[]? Bias { get; }

    /// <summary>What each output holds before the run; null for an output that is not read.</summary>
    public ImmutableArray<Samples?> Before { get; }

    /// <summary>The row and the column of the outputs' planes at which the operator starts to write.</summary>
    public Size2D Origin { get; }
}
