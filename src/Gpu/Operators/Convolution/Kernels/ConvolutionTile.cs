namespace SpGpu.Gpu.Kernels;

/// <summary>A block tile of the convolutions, as the tuning sees it.</summary>
/// <param name="Side">Output channels, and pixels.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="Order">How sums are made: tiles of the same order give the same bits.</param>
/// <param name="Resident">Groups that fit on a multiprocessor.</param>
/// <param name="Speed">The multiply-adds a cycle that a multiprocessor would reach with any number of warps.</param>
/// <param name="HalfWarps">The warps with which it reaches half of that.</param>
/// <param name="Copied">Whether it is there for inputs alone that are copied to shared memory as they are.</param>
internal sealed record ConvolutionTile(
    int Side, int Threads, SumOrder Order, int Resident, double Speed, double HalfWarps, bool Copied = false)
{
    /// <summary>
    /// All tiles, of an order those first that fill a device with the fewest pixels. The figures are fitted to times of SPNet-50's
    /// convolutions on an H100 (bench/results), those of tensor cores by themselves and those of multiply-adds beside them; speed is
    /// what shapes the choice, and other devices differ in it by a common factor.
    /// </summary>
    public static IReadOnlyList<ConvolutionTile> All { get; } =
    [
        new(64, 128, SumOrder.TensorCores, 4, 208, 16), new(64, 64, SumOrder.TensorCores, 6, 339, 24, Copied: true),
        new(64, 64, SumOrder.MultiplyAdds, 6, 148, 8), new(128, 256, SumOrder.MultiplyAdds, 2, 160, 8),
        new(32, 256, SumOrder.FourSums, 4, 62, 8),
    ];

    /// <summary>Whether a device can run it.</summary>
    public bool Suits(KernelDevice device) =>
        Threads <= device.GroupSize && (Order != SumOrder.TensorCores || device.TensorCores)
        && (device.BlockTileSide == 0 || Side == device.BlockTileSide);

    /// <summary>
    /// About the cycles of a product: the busiest multiprocessor takes as many groups as it holds, then those that are left.
    /// </summary>
    /// <param name="output">Channels, pixels and images.</param>
    /// <param name="inner">Rows of the inner dimension that a group takes.</param>
    /// <param name="parts">Parts of the inner dimension.</param>
    /// <param name="multiprocessors">The device's.</param>
    public double Cycles(Shape output, int inner, int parts, int multiprocessors)
    {
        double groups = Math.Ceiling(output.Plane / (double)Side) * Math.Ceiling(output.C / (double)Side) * output.N * parts;
        double share = Math.Ceiling(groups / multiprocessors);
        double full = Math.Floor(share / Resident);
        double rest = share - full * Resident;
        return inner * (full * CyclesOfRow(Resident) + (rest > 0 ? CyclesOfRow(rest) : 0));
    }

    private double CyclesOfRow(double groups)
    {
        double warps = groups * Threads / 32;
        return groups * Side * Side * (warps + HalfWarps) / (Speed * warps);
    }
}

/// <summary>How the sums of a convolution are made.</summary>
internal enum SumOrder
{
    /// <summary>One after the other.</summary>
    MultiplyAdds,

    /// <summary>Four sums of every fourth step, then these.</summary>
    FourSums,

    /// <summary>Eight at a time by tensor cores.</summary>
    TensorCores,
}
