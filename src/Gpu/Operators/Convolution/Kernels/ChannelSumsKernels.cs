using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ChannelSumsKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[c] += the sum of channel c of x. Grid (parts, channels): a group sums its part of the channel. Grid (channels): a
/// group adds up a channel's parts.
/// </summary>
internal sealed class ChannelSumsKernels : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly Launch _one, _four, _combine;

    public ChannelSumsKernels(KernelDevice device, Shape input) : base(device)
    {
        _device = device;
        _one = device.Load<Launch>(Part<Items.One>);
        _four = device.Load<Launch>(Part<Items.Four>);
        _combine = device.Load<Launch>(Combine);
        device.Workspace.Reserve(ChannelParts.Most * input.C);
    }

    public override string Variant => "channel sums";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        bool four = (x.Shape.Plane & 3) == 0 && IsAligned(x);
        var parts = new ChannelParts(x.Shape, four, _device.GroupSize);
        var scalars = new Scalars(new(x), new(outputs[0]), parts);
        (four ? _four : _one)(Stream, Config(_device.GroupSize, parts.Count, x.Shape.C), Floats(x), Workspace, scalars);
        _combine(Stream, Config(ChannelParts.Most, x.Shape.C), Workspace, Floats(outputs[0]), scalars);
    }

    [Kernel(typeof(Items.One)), Kernel(typeof(Items.Four))]
    internal static void Part<TItem>(ArrayView<float> x, ArrayView<float> work, Scalars s)
        where TItem : struct, IItem
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int part = Grid.IdxX;
        int channel = Grid.IdxY;
        int end = s.Parts.End(part);
        Float4 sums = Float4.All(0f);
        for (int i = s.Parts.Begin(part) + Group.IdxX; i < end; i += ChannelItems.Count * Group.DimX)
            sums += ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, i, end).Sum();
        float sum = GroupSum.Of(shared, TItem.Total(sums));
        if (Group.IdxX == 0)
            work[ChannelParts.Most * channel + part] = sum;
    }

    [Kernel]
    internal static void Combine(ArrayView<float> work, ArrayView<float> y, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(ChannelParts.Most);
        int channel = Grid.IdxX;
        float sum = GroupSum.Of(shared, Group.IdxX < s.Parts.Count ? work[ChannelParts.Most * channel + Group.IdxX] : 0f);
        if (Group.IdxX == 0)
            y[s.Y.Image(0) + channel] += sum;
    }

    /// <summary>Places, and the parts.</summary>
    internal readonly record struct Scalars(Place X, Place Y, ChannelParts Parts);
}
