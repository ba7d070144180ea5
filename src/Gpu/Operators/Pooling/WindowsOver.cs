namespace SpGpu.Gpu.Kernels;

/// <summary>Which pooling windows lie over an element, along one axis; window o begins at o * s - p and has k elements.</summary>
internal readonly record struct WindowsOver(int Kernel, int Padding, Divisor Stride)
{
    /// <summary>The first window over element i: the least o with o * s - p + k &gt; i.</summary>
    public int Begin(int i) => Stride.Quotient(KernelMath.Max(i + Padding - Kernel + Stride.Value, 0));

    /// <summary>The window after the last one over element i, of <paramref name="windows"/>.</summary>
    public int End(int i, int windows) => KernelMath.Min(Stride.Quotient(i + Padding) + 1, windows);
}
