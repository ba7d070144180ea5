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
    private readonly Launch _parts, _combine;

    public ChannelSumsKernels(KernelDevice device, Shape input) : base(device)
    {
        _device = device;
        _parts = device.Load<Launch>(Part);
        _combine = device.Load<Launch>(Combine);
        device.Workspace.Reserve(ChannelParts.Most * input.C);
    }

    public override string Variant => "channel sums";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        var parts = new ChannelParts(x.Shape, vector: false, _device.GroupSize);
        var scalars = new Scalars(new(x), new(outputs[0]), parts);
        _parts(Stream, Config(_device.GroupSize, parts.Count, x.Shape.C), Floats(x), Workspace, scalars);
        _combine(Stream, Config(ChannelParts.Most, x.Shape.C), Workspace, Floats(outputs[0]), scalars);
    }

    [Kernel]
    internal static void Part(ArrayView<float> x, ArrayView<float> work, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int part = Grid.IdxX;
        int channel = Grid.IdxY;
        int end = s.Parts.End(part);
        float sum = 0f;
        for (int i = s.Parts.Begin(part) + Group.IdxX; i < end; i += Group.DimX)
            sum += x[s.Parts.At(s.X, channel, i)];
        sum = GroupSum.Of(shared, sum);
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
