using SpGpu.Checks;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// That some operators compute the gradients of others, at some inputs; all on their references, in double
/// precision, so that central differences tell a hundred-thousandth from zero.
/// </summary>
/// <param name="Inputs">Where.</param>
/// <param name="Forward">The outputs at some inputs.</param>
/// <param name="Backward">
/// From the inputs and the gradients by the outputs, the gradient by each input; null for an input that is a constant.
/// </param>
internal sealed record Claim(Samples[] Inputs, Func<Samples[], Samples[]> Forward, Func<Samples[], Samples[], Samples?[]> Backward)
{
    private const double Step = 1e-4;

    /// <summary>The elements of each input at which the differences are taken.</summary>
    private const int Elements = 6;

    /// <summary>The outputs of an operator.</summary>
    public static Samples[] Evaluate(Specification specification, params Samples[] inputs)
    {
        var @case = new OperatorCase(specification, [.. inputs.Select(input => input.Shape)], CaseSize.Tiny);
        Shape[] shapes = @case.Outputs;
        var data = new CaseData(
            [.. inputs], [.. shapes.Select((shape, output) => specification.Updates(output) ? Numbers.Zeros(shape) : null)]);
        return [.. @case.Check.Reference(specification, data).Zip(shapes, (element, shape) => Numbers.Fill(shape, index =>
        {
            (int n, int c, int i, int j) = shape.Position(index);
            return element(n, c, i, j).Value;
        }))];
    }

    /// <summary>
    /// An operator without constants: <paramref name="backward"/> makes the gradients of its inputs from its inputs, its
    /// outputs and their gradients.
    /// </summary>
    public static Claim Of(Specification forward, Samples[] inputs, Func<Samples[], Samples[], Samples[], Samples?[]> backward) =>
        new(inputs, at => Evaluate(forward, at), (at, dy) => backward(at, Evaluate(forward, at), dy));

    /// <summary>Whether nothing is claimed of an input.</summary>
    public bool IsConstant(int input) =>
        Backward(Inputs, [.. Forward(Inputs).Select(output => Numbers.Zeros(output.Shape))])[input] is null;

    /// <summary>What is wrong with the gradients times <paramref name="factors"/>; null if nothing is.</summary>
    public string? Fault(Numbers numbers, params double[] factors)
    {
        Samples[] dy = [.. Forward(Inputs).Select(output => numbers.Uniform(output.Shape))];
        Samples?[] gradients = Backward(Inputs, dy);
        for (int input = 0; input < Inputs.Length; input++)
        {
            if (gradients[input] is not { } gradient)
                continue;
            if (gradient.Shape != Inputs[input].Shape)
                return $"the gradient by input {input} has shape {gradient.Shape}, {Inputs[input].Shape} is needed";
            double allowed = 1e-6 * gradient.Values.Max(Math.Abs) + 1e-9;
            for (int k = 0; k < Elements; k++)
            {
                int element = numbers.Below(gradient.Values.Length);
                double slope = Slope(dy, input, element);
                double claimed = gradient.Values[element] * (factors.Length > 0 ? factors[input] : 1);
                if (!(Math.Abs(claimed - slope) <= allowed))
                    return FormattableString.Invariant(
                        $"the gradient by element {element} of input {input} ({gradient.Shape}) is {claimed}, the slope is {slope}");
            }
        }
        return null;
    }

    /// <summary>The slope of sum(dy * outputs) along one element of one input.</summary>
    private double Slope(Samples[] dy, int input, int element) =>
        Forward(Moved(input, element, Step)).Zip(Forward(Moved(input, element, -Step)), (up, down) => (up, down)).Zip(dy, (pair, weight) =>
            weight.Values.Select((w, i) => w * (pair.up.Values[i] - pair.down.Values[i])).Sum()).Sum() / (2 * Step);

    private Samples[] Moved(int input, int element, double step)
    {
        double[] values = [.. Inputs[input].Values];
        values[element] += step;
        return [.. Inputs.Select((samples, number) => number == input ? new Samples(values, samples.Shape) : samples)];
    }
}
