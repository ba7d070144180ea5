using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// With r = 1 / sqrt(variance + eps): dgamma += r * sum(dy * (x - mean)), dbeta += sum(dy),
/// dx = g * (dy - A - (x - mean) * B) with g = gamma * r, A = mean(dy), B = r^2 * mean(dy * (x - mean)), A = B = 0 where the
/// statistics are frozen. Workspace: a slot for each channel, first for both sums of each part, then for mean, A, B and g.
/// </summary>
internal static class BatchNormGradientKernels
{
    /// <summary>Floats of workspace a channel.</summary>
    public const int Slot = 2 * ChannelParts.Most;

    /// <summary>Sums over a part of a channel; grid (parts, channels).</summary>
    [Kernel]
    internal static void ScalarSums(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> work, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int channel = Grid.IdxY;
        int end = s.Parts.End(Grid.IdxX);
        float centre = mean[s.Mean.Image(0) + channel];
        float sum = 0f;
        float products = 0f;
        for (int i = s.Parts.Begin(Grid.IdxX) + Group.IdxX; i < end; i += Group.DimX)
        {
            float value = dy[s.Parts.At(s.Dy, channel, i)];
            sum += value;
            products += value * (x[s.Parts.At(s.X, channel, i)] - centre);
        }
        Keep(work, shared, sum, products);
    }

    /// <summary>As <see cref="ScalarSums"/>, by four elements.</summary>
    [Kernel]
    internal static void VectorSums(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> work, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int channel = Grid.IdxY;
        int end = s.Parts.End(Grid.IdxX);
        Float4 centre = Float4.All(mean[s.Mean.Image(0) + channel]);
        Float4 sum = Float4.All(0f);
        Float4 products = Float4.All(0f);
        for (int i = s.Parts.Begin(Grid.IdxX) + Group.IdxX; i < end; i += Group.DimX)
        {
            Float4 value = Float4.Load(dy, s.Parts.At(s.Dy, channel, i));
            sum += value;
            products += value * (Float4.Load(x, s.Parts.At(s.X, channel, i)) - centre);
        }
        Keep(work, shared, sum.Total(), products.Total());
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
            mean[s.Mean.Image(0) + channel], sum * share, inverse * inverse * products * share, gamma[s.Gamma.Image(0) + channel] * inverse));
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
