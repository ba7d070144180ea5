using SpGpu.Gpu;
using SpGpu.Gpu.Simd;

namespace SpGpu.Layers.Training;

/// <summary>
/// <see cref="HardExamples"/> over the batches of all processes: the same pixels stay as in one batch of all. The threshold is found byte
/// by byte of its bits, as there, from counts of all processes. Inputs and output are those of <see cref="HardExamples"/>.
/// </summary>
internal sealed record GroupHardExamples(IProcessGroup Group, HardExamples Mining) : HostStep
{
    private const float Uncounted = -1f;

    public override string Name => "hard examples of all";

    public override DataType TypeOf(int input) => Mining.TypeOf(input);

    public override DataType OutputType => Mining.OutputType;

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs) => Mining.Infer(inputs);

    internal override void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var labels = new byte[inputs[1].Shape.Count];
        inputs[1].Download(labels);
        float[] probabilities = Probabilities(inputs[0], inputs[1].Shape, labels, inputs[2].ToHost());
        float threshold = Threshold(probabilities);
        for (int i = 0; i < labels.Length; i++)
        {
            if (probabilities[i] == Uncounted || probabilities[i] > threshold)
                labels[i] = Mining.Ignored;
        }
        outputs[0].Upload(labels);
    }

    /// <summary>The probability of each pixel's own class; negative where the pixel does not count.</summary>
    private unsafe float[] Probabilities(in Tensor x, Shape shape, ReadOnlySpan<byte> labels, ReadOnlySpan<float> logarithms)
    {
        var rows = new BilinearRows(x.Shape, (shape.H, shape.W), Mining.Rule);
        var probabilities = new float[labels.Length];
        float[] logits = x.ToHost();
        fixed (float* start = logits)
        {
            for (int i = 0; i < labels.Length; i++)
            {
                int image = i / shape.Plane, pixel = i % shape.Plane;
                float* plane = start + ((long)image * x.Shape.C + labels[i]) * x.Shape.Plane;
                probabilities[i] = labels[i] < x.Shape.C && labels[i] != Mining.Ignored
                    ? MathF.Exp(rows.At(plane, pixel / shape.W, pixel % shape.W) - logarithms[i])
                    : Uncounted;
            }
        }
        return probabilities;
    }

    /// <summary>The largest probability that stays; NaN, which none exceeds, where fewer pixels count than are to stay.</summary>
    private float Threshold(ReadOnlySpan<float> probabilities)
    {
        int rank = Mining.MinKept - 1;
        uint prefix = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            var counts = new int[256];
            foreach (float probability in probabilities)
            {
                uint rest = (BitConverter.SingleToUInt32Bits(probability) ^ prefix) >> shift;
                if (rest < 256 && probability != Uncounted)
                    counts[rest]++;
            }
            counts = Group.SumOf<int>(counts);
            uint digit = 0;
            for (; digit < 255 && rank >= counts[digit]; digit++)
                rank -= counts[digit];
            prefix |= digit << shift;
        }
        float smallest = BitConverter.UInt32BitsToSingle(prefix);
        return smallest <= Mining.Threshold ? Mining.Threshold : smallest;
    }
}
