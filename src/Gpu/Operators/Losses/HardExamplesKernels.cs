using ILGPU;
using ILGPU.Runtime;
using CountLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<int>, SpGpu.Gpu.Kernels.HardExamplesKernels.CountScalars>;
using KeepLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<byte>, ILGPU.ArrayView<float>, ILGPU.ArrayView<byte>, SpGpu.Gpu.Kernels.HardExamplesKernels.KeepScalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<byte>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.HardExamplesKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Labels with the easy pixels ignored. One pixel a thread puts the probability of its own class into workspace,
/// negative where it does not count; grid (pixels, images). The MinKept-th smallest is found four bits at a time from
/// above (the bits of numbers that are not negative are ordered as they are): groups count the digits of what begins
/// with the bits found so far, each thread in counters of its own, then one group adds up and picks the digit. At last
/// one pixel a thread writes the labels. NaN stays, so that it is seen in the loss.
/// </summary>
internal sealed class HardExamplesKernels : KernelOperation
{
    private const float Uncounted = -1f;

    private const int LogDigits = 4;
    private const int Digits = 1 << LogDigits;
    private const int HighestShift = 32 - LogDigits;

    /// <summary>Groups that count at most, and pixels that each of them counts at least.</summary>
    private const int MostGroups = 256, FewestPixels = 4096;

    // Workspace: the bits found and the rank among what begins with them, the counts of the groups, the probabilities.
    private const int Rank = 1;
    private const int Counts = 4;
    private const int Probabilities = Counts + MostGroups * Digits;

    private readonly KernelDevice _device;
    private readonly HardExamples _examples;
    private readonly Launch _measure;
    private readonly CountLaunch _count, _select;
    private readonly KeepLaunch _keep;

    public HardExamplesKernels(KernelDevice device, HardExamples examples, Shape labels) : base(device)
    {
        _device = device;
        _examples = examples;
        _measure = device.Load<Launch>(Measure);
        _count = device.Load<CountLaunch>(Count);
        _select = device.Load<CountLaunch>(Select);
        _keep = device.Load<KeepLaunch>(Keep);
        device.Workspace.Reserve(Probabilities + labels.Count);
    }

    public override string Variant => _examples.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape labels = inputs[1].Shape;
        _measure(Stream, Flat(labels.Plane, labels.N), Floats(inputs[0]), Bytes(inputs[1]), Floats(inputs[2]), Workspace,
            new(new(inputs[0]), new(inputs[1]), new(inputs[2]), labels.Plane, new(new(_examples.Ignored), x.C),
                new(x.H, labels.H, _examples.Rule), new(x.W, labels.W, _examples.Rule), new(labels.W)));
        if (_examples.MinKept > 0)
            SelectThreshold((int)labels.Count);
        _keep(Stream, Flat(labels.Plane, labels.N), Bytes(inputs[1]), Workspace, Bytes(outputs[0]),
            new(new(inputs[1]), new(outputs[0]), labels.Plane, _examples.Threshold, _examples.MinKept > 0 ? 1 : 0, _examples.Ignored));
    }

    private void SelectThreshold(int pixels)
    {
        int groups = Math.Min(MostGroups, Groups(pixels, FewestPixels));
        int part = Groups(pixels, groups);
        for (int shift = HighestShift; shift >= 0; shift -= LogDigits)
        {
            var scalars = new CountScalars(pixels, part, groups, shift, _examples.MinKept - 1);
            _count(Stream, Config(KernelDevice.FewestThreads, groups), Workspace, Workspace.Cast<int>(), scalars);
            _select(Stream, Config(KernelDevice.FewestThreads, 1), Workspace, Workspace.Cast<int>(), scalars);
        }
    }

    [Kernel]
    internal static void Measure(ArrayView<float> x, ArrayView<byte> labels, ArrayView<float> logarithms, ArrayView<float> work, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int label = labels[s.Labels.Image(Grid.IdxY) + pixel];
        float probability = Uncounted;
        if (s.Weight.Of(label, x, 0) != 0f)
        {
            int row = s.Width.Quotient(pixel);
            var point = new BilinearPoint(s.Columns.Input, s.Rows.At(row), s.Columns.At(pixel - row * s.Width.Value));
            float logit = point.Of(x, s.X.Image(Grid.IdxY) + label * s.Rows.Input * s.Columns.Input);
            probability = KernelMath.Exp(logit - logarithms[s.Logarithms.Image(Grid.IdxY) + pixel]);
        }
        work[Probabilities + Grid.IdxY * s.Plane + pixel] = probability;
    }

    /// <summary>Counts digits; grid (groups of 64 threads), each with its part of all pixels.</summary>
    [Kernel]
    internal static void Count(ArrayView<float> work, ArrayView<int> state, CountScalars s)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(Digits * KernelDevice.FewestThreads);
        for (int digit = 0; digit < Digits; digit++)
            counts[digit * KernelDevice.FewestThreads + Group.IdxX] = 0;
        uint found = s.Shift == HighestShift ? 0u : (uint)state[0];
        int begin = Grid.IdxX * s.Part;
        int end = begin + KernelMath.Min(s.Part, s.Pixels - begin);
        for (int i = begin + Group.IdxX; i < end; i += KernelDevice.FewestThreads)
        {
            float probability = work[Probabilities + i];
            uint rest = (Interop.FloatAsInt(probability) ^ found) >> s.Shift;
            if (rest < Digits && probability != Uncounted)
                counts[(int)rest * KernelDevice.FewestThreads + Group.IdxX] += 1;
        }
        KernelMath.Barrier();
        if (Group.IdxX < Digits)
        {
            int sum = 0;
            // Each thread begins in another bank of shared memory.
            for (int i = 0; i < KernelDevice.FewestThreads; i++)
                sum += counts[Group.IdxX * KernelDevice.FewestThreads + ((i + Group.IdxX) & (KernelDevice.FewestThreads - 1))];
            state[Counts + Grid.IdxX * Digits + Group.IdxX] = sum;
        }
    }

    /// <summary>
    /// Picks the digit in which the rank lies; the last one where it lies in none, which ends in bits that are NaN. One group.
    /// </summary>
    [Kernel]
    internal static void Select(ArrayView<float> work, ArrayView<int> state, CountScalars s)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(Digits);
        if (Group.IdxX < Digits)
        {
            int sum = 0;
            for (int group = 0; group < s.Groups; group++)
                sum += state[Counts + group * Digits + Group.IdxX];
            counts[Group.IdxX] = sum;
        }
        KernelMath.Barrier();
        if (Group.IdxX != 0)
            return;
        int found = s.Shift == HighestShift ? 0 : state[0];
        int rank = s.Shift == HighestShift ? s.FirstRank : state[Rank];
        int picked = 0;
        while (picked < Digits - 1 && rank >= counts[picked])
        {
            rank -= counts[picked];
            picked++;
        }
        state[0] = found | (picked << s.Shift);
        state[Rank] = rank;
    }

    [Kernel]
    internal static void Keep(ArrayView<byte> labels, ArrayView<float> work, ArrayView<byte> y, KeepScalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        // A NaN, which no probability exceeds, where fewer pixels count than are to be kept.
        float threshold = s.Selected != 0 ? KernelMath.Max(s.Threshold, work[0]) : s.Threshold;
        float probability = work[Probabilities + Grid.IdxY * s.Plane + pixel];
        int label = labels[s.Labels.Image(Grid.IdxY) + pixel];
        y[s.Y.Image(Grid.IdxY) + pixel] = (byte)(probability == Uncounted || probability > threshold ? s.Ignored : label);
    }

    /// <summary>
    /// Places, pixels of an image, which labels count, the axes of the interpolation, a divisor by the width of the
    /// labels.
    /// </summary>
    internal readonly record struct Scalars(
        Place X, Place Labels, Place Logarithms, int Plane, KernelLabelWeight Weight, BilinearKernelAxis Rows, BilinearKernelAxis Columns,
        Divisor Width);

    /// <summary>All pixels, those of a group, the groups, the digit's lowest bit, the rank to begin with.</summary>
    internal readonly record struct CountScalars(int Pixels, int Part, int Groups, int Shift, int FirstRank);

    /// <summary>Places, pixels of an image, the threshold, whether there is a selected one too, the label of what is ignored.</summary>
    internal readonly record struct KeepScalars(Place Labels, Place Y, int Plane, float Threshold, int Selected, int Ignored);
}
