using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.BatchNormGradientKernels.Scalars>;
using LaunchCombine = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchNormGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// With r = 1 / sqrt(variance + eps): dgamma += r * sum(dy * (x - mean)), dbeta += sum(dy),
/// dx = g * (dy - A - (x - mean) * B) with g = gamma * r, A = mean(dy), B = r^2 * mean(dy * (x - mean)), A = B = 0 where the
/// statistics are frozen. Workspace: a slot for each channel, first for both sums of each part, then for mean, A, B and g.
/// </summary>
internal sealed class BatchNormGradientKernels : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly BatchNormGradient _gradient;
    private readonly Launch _sumsOfOne, _sumsOfFour, _scalar, _vector;
    private readonly LaunchCombine _combine;

    public BatchNormGradientKernels(KernelDevice device, BatchNormGradient gradient, Shape input) : base(device)
    {
        _device = device;
        _gradient = gradient;
        _sumsOfOne = device.Load<Launch>(Sums<Items.One>);
        _sumsOfFour = device.Load<Launch>(Sums<Items.Four>);
        _combine = device.Load<LaunchCombine>(Combine);
        _scalar = device.Load<Launch>(Scalar);
        _vector = device.Load<Launch>(Vector);
        device.Workspace.Reserve(Slot * input.C);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor dy = ref inputs[0];
        ref readonly Tensor x = ref inputs[1];
        ref readonly Tensor mean = ref inputs[2];
        ref readonly Tensor dx = ref outputs[0];
        Shape shape = x.Shape;
        bool vector = (shape.Plane & 3) == 0 && IsAligned(dy) && IsAligned(x) && IsAligned(dx);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        var parts = new ChannelParts(shape, vector, _device.GroupSize);
        var scalars = new Scalars(
            new(dy), new(x), new(mean), new(inputs[3]), new(inputs[4]), new(dx), new(outputs[1]), new(outputs[2]),
            count, _gradient.Frozen ? 1 : 0, (float)BatchNorm.Epsilon, parts, new(shape.Plane / width));
        ArrayView<float> work = Workspace;
        (vector ? _sumsOfFour : _sumsOfOne)(Stream, Config(_device.GroupSize, parts.Count, shape.C), Floats(dy), Floats(x), Floats(mean),
            work, scalars);
        _combine(Stream, Config(ChannelParts.Most, shape.C), work, Floats(mean), Floats(inputs[3]), Floats(inputs[4]), Floats(outputs[1]),
            Floats(outputs[2]), scalars);
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(dy), Floats(x), work, Floats(dx), scalars);
    }

    /// <summary>Floats of workspace a channel.</summary>
    private const int Slot = 2 * ChannelParts.Most;

    /// <summary>Sums over a part of a channel; grid (parts, channels).</summary>
    [Kernel(typeof(Items.One)), Kernel(typeof(Items.Four))]
    internal static void Sums<TItem>(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> work, Scalars s)
        where TItem : struct, IItem
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int channel = Grid.IdxY;
        int end = s.Parts.End(Grid.IdxX);
        Float4 centre = Float4.All(mean[s.Mean.Image(0) + channel]);
        Float4 sum = Float4.All(0f);
        Float4 products = Float4.All(0f);
        for (int i = s.Parts.Begin(Grid.IdxX) + Group.IdxX; i < end; i += ChannelItems.Count * Group.DimX)
        {
            ChannelItems values = ChannelItems.Load<TItem>(dy, s.Dy, s.Parts, channel, i, end);
            ChannelItems others = ChannelItems.Load<TItem>(x, s.X, s.Parts, channel, i, end);
            sum += values.Sum();
            products += values.Products(others, centre);
        }
        Keep(work, shared, TItem.Total(sum), TItem.Total(products));
    }

    /// <summary>Adds up the parts; grid (channels), a part a thread.</summary>
    [Kernel]
    internal static void Combine(
        ArrayView<float> work, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma,
        ArrayView<float> dgamma, ArrayView<float> dbeta, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(ChannelParts.Most);
        int part = Group.IdxX;
        int channel = Grid.IdxX;
        float sum = 0f;
        float products = 0f;
        if (part < s.Parts.Count)
        {
            sum = work[Slot * channel + 2 * part];
            products = work[Slot * channel + 2 * part + 1];
        }
        sum = GroupSum.Of(shared, sum);
        products = GroupSum.Of(shared, products);
        if (part != 0)
            return;
        float inverse = KernelMath.Divide(1f, KernelMath.Sqrt(variance[s.Variance.Image(0) + channel] + s.Epsilon));
        dgamma[s.Dgamma.Image(0) + channel] += products * inverse;
        dbeta[s.Dbeta.Image(0) + channel] += sum;
        float share = s.Frozen != 0 ? 0f : KernelMath.Divide(1f, s.Parts.AllValues);
        Float4.Store(work, Slot * channel, new(
            mean[s.Mean.Image(0) + channel], sum * share, inverse * inverse * products * share,
            gamma[s.Gamma.Image(0) + channel] * inverse));
    }

    /// <summary>dx; grid (elements of an image, images), one element a thread.</summary>
    [Kernel]
    internal static void Scalar(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> work, ArrayView<float> dx, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        Float4 c = Float4.Load(work, Slot * s.Plane.Quotient(i));
        float value = dy[s.Dy.Image(n) + i];
        if (s.Frozen == 0)
            value -= c.Y + (x[s.X.Image(n) + i] - c.X) * c.Z;
        dx[s.Dx.Image(n) + i] = c.W * value;
    }

    /// <summary>As <see cref="Scalar"/>, four elements a thread.</summary>
    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> work, ArrayView<float> dx, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        Float4 c = Float4.Load(work, Slot * s.Plane.Quotient(i));
        Float4 value = Float4.Load(dy, s.Dy.Image(n) + 4 * i);
        if (s.Frozen == 0)
            value -= Float4.All(c.Y) + (Float4.Load(x, s.X.Image(n) + 4 * i) - Float4.All(c.X)) * Float4.All(c.Z);
        Float4.Store(dx, s.Dx.Image(n) + 4 * i, Float4.All(c.W) * value);
    }

    private static void Keep(ArrayView<float> work, ArrayView<float> shared, float sum, float products)
    {
        sum = GroupSum.Of(shared, sum);
        products = GroupSum.Of(shared, products);
        int to = Slot * Grid.IdxY + 2 * Grid.IdxX;
        if (Group.IdxX == 0)
        {
            work[to] = sum;
            work[to + 1] = products;
        }
    }

    /// <summary>Places, threads of an image, 1 for frozen statistics else 0, eps, parts, a divisor by the threads of a plane.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place X, Place Mean, Place Variance, Place Gamma, Place Dx, Place Dgamma, Place Dbeta,
        int Count, int Frozen, float Epsilon, ChannelParts Parts, Divisor Plane);
}
