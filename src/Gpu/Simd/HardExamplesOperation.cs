namespace SpGpu.Gpu.Simd;

/// <summary>
/// Hard example mining: the probability of each pixel's own class goes to workspace (negative where the pixel does not
/// count), then one thread selects the threshold byte by byte of its bits (those of numbers that are not negative are
/// ordered as they are) and writes the labels. NaN stays, so that it is seen in the loss.
/// </summary>
internal sealed unsafe class HardExamplesOperation : SimdOperation
{
    private const float Uncounted = -1f;

    private readonly Workspace _workspace;
    private readonly HardExamples _examples;
    private readonly BilinearRows _rows;
    private readonly int[] _histogram = new int[256];

    public HardExamplesOperation(Team team, Workspace workspace, HardExamples examples, ReadOnlySpan<Shape> inputs) : base(team)
    {
        Shape labels = inputs[1];
        _workspace = workspace;
        _examples = examples;
        _rows = new BilinearRows(inputs[0], (labels.H, labels.W));
        workspace.Reserve((int)labels.Count);
    }

    public override string Variant => "hard examples simd";

    private float* Probabilities => ((SimdMemory)_workspace.Memory).Base;

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View labels = Input(1);
        int width = labels.Shape.W;
        (int first, int last) = Share(labels.Shape.N * labels.Shape.H, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / labels.Shape.H;
            int row = item - n * labels.Shape.H;
            byte* label = labels.Bytes + (long)n * labels.BatchStride + (long)row * width;
            float* logarithm = Input(2).Plane(n, 0) + (long)row * width;
            float* target = Probabilities + (long)item * width;
            for (int w = 0; w < width; w++)
            {
                target[w] = label[w] < x.Shape.C && label[w] != _examples.Ignored
                    ? MathF.Exp(_rows.At(x.Plane(n, label[w]), row, w) - logarithm[w])
                    : Uncounted;
            }
        }
    }

    protected override void Finish()
    {
        View labels = Input(1);
        View y = Output(0);
        int plane = labels.Shape.Plane;
        float threshold = Threshold(new ReadOnlySpan<float>(Probabilities, labels.Shape.N * plane));
        for (int n = 0; n < labels.Shape.N; n++)
        {
            byte* source = labels.Bytes + (long)n * labels.BatchStride;
            byte* target = y.Bytes + (long)n * y.BatchStride;
            float* probability = Probabilities + (long)n * plane;
            for (int i = 0; i < plane; i++)
                target[i] = probability[i] < 0f || probability[i] > threshold ? _examples.Ignored : source[i];
        }
    }

    /// <summary>T.</summary>
    private float Threshold(ReadOnlySpan<float> probabilities)
    {
        int rank = _examples.MinKept - 1;
        uint prefix = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            int counted = Count(probabilities, prefix, shift);
            if (shift == 24 && _examples.MinKept >= counted)
                return float.PositiveInfinity;
            if (rank < 0)
                return _examples.Threshold;
            uint digit = 0;
            for (; rank >= _histogram[digit]; digit++)
                rank -= _histogram[digit];
            prefix |= digit << shift;
        }
        float smallest = BitConverter.UInt32BitsToSingle(prefix);
        return smallest > _examples.Threshold ? smallest : _examples.Threshold;
    }

    /// <summary>Counts, by their next byte, the probabilities whose bits begin with the prefix; returns how many there are.</summary>
    private int Count(ReadOnlySpan<float> probabilities, uint prefix, int shift)
    {
        Array.Clear(_histogram);
        int count = 0;
        foreach (float probability in probabilities)
        {
            uint rest = BitConverter.SingleToUInt32Bits(probability) ^ prefix;
            if (probability < 0f || (ulong)rest >> (shift + 8) != 0)
                continue;
            _histogram[rest >> shift]++;
            count++;
        }
        return count;
    }
}
