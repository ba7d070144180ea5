using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchStatisticsKernels.Scalars>;
using LaunchCombine = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchStatisticsKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Mean and variance of each channel. Grid (parts, channels): a group takes the mean of its part of the channel, then
/// the squares of the deviations from it; most parts are so short that their values are still in registers. Grid
/// (channels): a group combines a channel's parts, M2 = sum of (M2 of the part + values of the part * (its mean -
/// mean)^2), which loses nothing where the mean is large beside the deviation.
/// </summary>
internal sealed class BatchStatisticsKernels : KernelOperation
{
    /// <summary>Floats of workspace a channel: mean and M2 of each part.</summary>
    private const int Slot = 2 * ChannelParts.Most;

    private readonly KernelDevice _device;
    private readonly Launch _one, _four;
    private readonly LaunchCombine _combine;

    public BatchStatisticsKernels(KernelDevice device, Shape input) : base(device)
    {
        _device = device;
        _one = device.Load<Launch>(Part<Items.One>);
        _four = device.Load<Launch>(Part<Items.Four>);
        _combine = device.Load<LaunchCombine>(Combine);
        device.Workspace.Reserve(Slot * input.C);
    }

    public override string Variant => "batch statistics";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        Shape shape = x.Shape;
        bool four = (shape.Plane & 3) == 0 && IsAligned(x);
        var parts = new ChannelParts(shape, four, _device.GroupSize);
        var scalars = new Scalars(new(x), new(outputs[0]), new(outputs[1]), parts);
        (four ? _four : _one)(Stream, Config(_device.GroupSize, parts.Count, shape.C), Floats(x), Workspace, scalars);
        _combine(Stream, Config(ChannelParts.Most, shape.C), Workspace, Floats(outputs[0]), Floats(outputs[1]), scalars);
    }

    [Kernel(typeof(Items.One)), Kernel(typeof(Items.Four))]
    internal static void Part<TItem>(ArrayView<float> x, ArrayView<float> work, Scalars s)
        where TItem : struct, IItem
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int part = Grid.IdxX;
        int channel = Grid.IdxY;
        int step = ChannelItems.Count * Group.DimX;
        int first = s.Parts.Begin(part) + Group.IdxX;
        int end = s.Parts.End(part);
        ChannelItems a = ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, first, end);
        ChannelItems b = ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, first + step, end);
        Float4 sums = a.Sum() + b.Sum();
        for (int i = first + 2 * step; i < end; i += step)
            sums += ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, i, end).Sum();
        float mean = KernelMath.Divide(GroupSum.Of(shared, TItem.Total(sums)), s.Parts.Values(part));
        Float4 centre = Float4.All(mean);
        Float4 squares = a.Squares(centre, first, end) + b.Squares(centre, first + step, end);
        for (int i = first + 2 * step; i < end; i += step)
            squares += ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, i, end).Squares(centre, i, end);
        Keep(work, mean, GroupSum.Of(shared, TItem.Total(squares)));
    }

    [Kernel]
    internal static void Combine(ArrayView<float> work, ArrayView<float> mean, ArrayView<float> variance, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(ChannelParts.Most);
        int part = Group.IdxX;
        int channel = Grid.IdxX;
        float values = 0f;
        float partMean = 0f;
        float squares = 0f;
        if (part < s.Parts.Count)
        {
            values = s.Parts.Values(part);
            partMean = work[Slot * channel + 2 * part];
            squares = work[Slot * channel + 2 * part + 1];
        }
        float all = KernelMath.Divide(GroupSum.Of(shared, values * partMean), s.Parts.AllValues);
        float deviation = partMean - all;
        squares = GroupSum.Of(shared, squares + values * deviation * deviation);
        if (part == 0)
        {
            mean[s.Mean.Image(0) + channel] = all;
            variance[s.Variance.Image(0) + channel] = KernelMath.Divide(squares, s.Parts.AllValues);
        }
    }

    private static void Keep(ArrayView<float> work, float mean, float squares)
    {
        int to = Slot * Grid.IdxY + 2 * Grid.IdxX;
        if (Group.IdxX == 0)
        {
            work[to] = mean;
            work[to + 1] = squares;
        }
    }

    /// <summary>Places, and the parts.</summary>
    internal readonly record struct Scalars(Place X, Place Mean, Place Variance, ChannelParts Parts);
}
