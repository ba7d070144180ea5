namespace SpGpu.Gpu.Simd;

/// <summary>
/// Hard example mining: the probability of each pixel's own class goes to workspace (negative where the pixel does not
/// count), then one thread selects the threshold byte by byte of its bits (those of numbers that are not negative are
/// ordered as they are), then the labels are written. NaN stays, so that it is seen in the loss.
/// </summary>
internal sealed unsafe class HardExamplesSimd : SimdOperation
{
    private const float Uncounted = -1f;

    private readonly Workspace _workspace;
    private readonly HardExamples _examples;
    private readonly BilinearRows _rows;
    private readonly int[] _histogram = new int[256];
    private float _threshold;

    public HardExamplesSimd(Team team, Workspace workspace, HardExamples examples, ReadOnlySpan<Shape> inputs) : base(team)
    {
        Shape labels = inputs[1];
        _workspace = workspace;
        _examples = examples;
        _rows = new BilinearRows(inputs[0], (labels.H, labels.W), examples.Rule);
        workspace.Reserve((int)labels.Count);
    }

    public override string Variant => "hard examples simd";

    private float* Probabilities => SimdMemory.Floats(_workspace);

    protected override int Phases => 3;

    public override void Execute(int worker, int workers)
    {
        View labels = Input(1);
        (int first, int last) = Share(labels.Shape.N * labels.Shape.H, worker, workers);
        if (Phase == 1)
        {
            if (worker == 0)
                _threshold = Threshold(new ReadOnlySpan<float>(Probabilities, (int)labels.Shape.Count));
            return;
        }
        int width = labels.Shape.W;
        for (int item = first; item < last; item++)
        {
            int n = item / labels.Shape.H;
            int row = item - n * labels.Shape.H;
            byte* source = labels.Bytes + (long)n * labels.BatchStride + (long)row * width;
            float* probabilities = Probabilities + (long)item * width;
            if (Phase == 0)
                Measure(n, row, source, probabilities);
            else
                Keep(source, probabilities, Output(0).Bytes + (long)n * Output(0).BatchStride + (long)row * width, width);
        }
    }

    /// <summary>The probabilities of a row.</summary>
    private void Measure(int n, int row, byte* labels, float* target)
    {
        View x = Input(0);
        View logarithms = Input(2);
        float* logarithm = logarithms.Plane(n, 0) + (long)row * logarithms.Shape.W;
        for (int w = 0; w < logarithms.Shape.W; w++)
        {
            target[w] = labels[w] < x.Shape.C && labels[w] != _examples.Ignored
                ? MathF.Exp(_rows.At(x.Plane(n, labels[w]), row, w) - logarithm[w])
                : Uncounted;
        }
    }

    private void Keep(byte* labels, float* probabilities, byte* target, int width)
    {
        for (int w = 0; w < width; w++)
            target[w] = probabilities[w] == Uncounted || probabilities[w] > _threshold ? _examples.Ignored : labels[w];
    }

    /// <summary>T; NaN, which no probability exceeds, where fewer pixels count than are to be kept.</summary>
    private float Threshold(ReadOnlySpan<float> probabilities)
    {
        if (_examples.MinKept == 0)
            return _examples.Threshold;
        int rank = _examples.MinKept - 1;
        uint prefix = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Count(probabilities, prefix, shift);
            uint digit = 0;
            for (; digit < 255 && rank >= _histogram[digit]; digit++)
                rank -= _histogram[digit];
            prefix |= digit << shift;
        }
        float smallest = BitConverter.UInt32BitsToSingle(prefix);
        return smallest <= _examples.Threshold ? _examples.Threshold : smallest;
    }

    /// <summary>Counts, by their next byte, the probabilities whose bits begin with the prefix.</summary>
    private void Count(ReadOnlySpan<float> probabilities, uint prefix, int shift)
    {
        Array.Clear(_histogram);
        foreach (float probability in probabilities)
        {
            uint rest = (BitConverter.SingleToUInt32Bits(probability) ^ prefix) >> shift;
            if (rest < 256 && probability != Uncounted)
                _histogram[rest]++;
        }
    }
}
