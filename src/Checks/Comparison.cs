using System.Globalization;

namespace SpGpu.Checks;

/// <summary>Compares what a device computed with the reference and keeps the element that is worst for its tolerance.</summary>
internal sealed class Comparison
{
    /// <summary>Elements of an output of a <see cref="CaseSize.Large"/> case that are compared, drawn at random.</summary>
    private const int SampledElements = 2048;

    private readonly OperatorCase _case;
    private double _largest;
    private Finding _worst;
    private string _place = "";

    /// <summary>Compares <paramref name="results"/>, the dense elements of each output.</summary>
    public Comparison(OperatorCase @case, CaseData data, byte[][] results)
    {
        _case = @case;
        Shape[] outputs = @case.Outputs;
        Judge[] judges = @case.Check.Judges(@case.Specification, data);
        for (int output = 0; output < outputs.Length; output++)
            Compare(output, @case.Written(outputs[output]), judges[output], results[output]);
    }

    /// <summary>The error of the worst element, relative to the largest reference value; of labels absolute.</summary>
    public double Error => _worst.Error / Scale;

    /// <summary>What the error of that element may be, on the same scale.</summary>
    public double Allowed => _worst.Allowed / Scale;

    /// <summary>What is wrong with the worst element; null if it is within its tolerance.</summary>
    public string? Message => _worst.Part <= 1 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{_place} is {_worst.Actual:G9}, should be {_worst.Expected:G9}, off by {_worst.Error:G3} of {_worst.Allowed:G3} allowed");

    private double Scale => _case.Specification.OutputType == DataType.UInt8 || _largest == 0 ? 1 : _largest;

    private void Compare(int output, Size2D written, Judge judge, byte[] result)
    {
        Shape region = _case.Outputs[output] with { H = written.Height, W = written.Width };
        int size = result.Length / (int)region.Count;
        bool sampled = _case.Size == CaseSize.Large && region.Count > SampledElements;
        int count = sampled ? SampledElements : (int)region.Count;
        var random = new SplitMix(_case.Seed);
        for (int k = 0; k < count; k++)
        {
            int index = sampled ? random.Below((int)region.Count) : k;
            (int n, int c, int i, int j) = region.Position(index);
            Finding finding = judge(n, c, i, j, GuardedTensor.Element(result, size, index));
            _largest = Math.Max(_largest, double.IsNaN(finding.Expected) ? 0 : Math.Abs(finding.Expected));
            if (finding.Part <= _worst.Part)
                continue;
            _worst = finding;
            _place = FormattableString.Invariant($"output {output} at ({n}, {c}, {i}, {j})");
        }
    }
}
