namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Chooses the block tile of a convolution and the parts of its inner dimension: large tiles read less, small ones and more
/// parts keep more multiprocessors busy.
/// </summary>
internal static class ConvolutionTuning
{
    /// <summary>The most parts: each writes all outputs once more.</summary>
    private const int MostParts = 32;

    /// <summary>The fewest rows of a part.</summary>
    private const int LeastRows = 64;

    /// <summary>What a second kernel costs that adds parts up: cycles, and bytes a cycle and multiprocessor.</summary>
    private const double AddCycles = 10000, AddBytes = 8;

    /// <summary>Throws unless block tiles can have a side that was asked for.</summary>
    /// <exception cref="DeviceException">There is no such side, or its groups are too large for the device.</exception>
    public static void Check(int side, KernelDevice device)
    {
        int[] sides = [.. ConvolutionTile.All.Where(tile => tile.Threads <= device.GroupSize).Select(tile => tile.Side).Distinct().Order()];
        if (!sides.Contains(side))
            throw new DeviceException($"{device.Name} has no convolution tile {side}; give {string.Join(", ", sides)}");
    }

    /// <summary>
    /// The order of sums and the parts that are done first for one image, each order by the first of its tiles. The number of
    /// images has no say: what becomes of one must not depend on the others.
    /// </summary>
    public static (SumOrder Order, int Parts) Sums(KernelDevice device, Shape output, int inner, bool copied)
    {
        int multiprocessors = device.Accelerator.NumMultiprocessors;
        Shape image = output with { N = 1 };
        var choices =
            from tiles in Tiles(device, copied).GroupBy(tile => tile.Order)
            from parts in Parts(device, inner)
            select (tiles.Key, Parts: parts, Cycles: Cycles(tiles.First(), parts));
        (SumOrder order, int best, _) = choices.MinBy(choice => choice.Cycles);
        return (order, best);

        double Cycles(ConvolutionTile tile, int parts)
        {
            double cycles = tile.Cycles(image, KernelOperation.Groups(inner, parts), parts, multiprocessors);
            return parts == 1 ? cycles : cycles + AddCycles + 2.0 * sizeof(float) * parts * image.Count / (AddBytes * multiprocessors);
        }
    }

    /// <summary>The tile that is done first with all images, of those that sum in an order, or of all.</summary>
    /// <param name="device">The device.</param>
    /// <param name="output">Channels, pixels and images.</param>
    /// <param name="inner">Rows of the inner dimension that a group takes.</param>
    /// <param name="parts">Parts of the inner dimension.</param>
    /// <param name="copied">Whether inputs are copied to shared memory as they are.</param>
    /// <param name="order">How sums are made; null for any.</param>
    public static ConvolutionTile Tile(
        KernelDevice device, Shape output, int inner, int parts, bool copied, SumOrder? order = null) =>
        Tiles(device, copied).Where(tile => order is null || tile.Order == order)
            .MinBy(tile => tile.Cycles(output, inner, parts, device.Accelerator.NumMultiprocessors))!;

    private static IEnumerable<ConvolutionTile> Tiles(KernelDevice device, bool copied)
    {
        ConvolutionTile[] tiles = [.. ConvolutionTile.All.Where(tile => tile.Suits(device) && (copied || !tile.Copied))];
        ConvolutionTile[] wanted = [.. tiles.Where(tile => tile.Threads == device.BlockTileThreads)];
        // Two have as many threads: what the one for copied inputs cannot do, the other does.
        return wanted.Any(tile => tile.Copied) ? wanted.Where(tile => tile.Copied) : wanted.Length > 0 ? wanted : tiles;
    }

    /// <summary>So few that all are looked at.</summary>
    private static IEnumerable<int> Parts(KernelDevice device, int inner) =>
        device.ConvolutionParts > 0 ? [device.ConvolutionParts] : Enumerable.Range(1, Math.Clamp(inner / LeastRows, 1, MostParts));
}
