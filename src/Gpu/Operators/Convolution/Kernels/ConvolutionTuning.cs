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
    private const double AddCycles = 8000, AddBytes = 10;

    /// <summary>
    /// A block tile: its side, threads and groups of it that fit on a multiprocessor, and the multiply-adds a cycle that a
    /// multiprocessor reaches when it is full.
    /// </summary>
    private sealed record Tile(int Side, bool TensorCores, int Threads, int Resident, double Speed);

    private static readonly Tile[] _tiles =
    [
        new(128, true, 256, 1, 85), new(64, true, 64, 6, 100),
        new(128, false, 256, 2, 65), new(64, false, 64, 8, 70), new(32, false, 256, 4, 50),
    ];

    /// <summary>Throws unless block tiles can have a side that was asked for.</summary>
    /// <exception cref="DeviceException">There is no such side, or its groups are too large for the device.</exception>
    public static void Check(int side, KernelDevice device)
    {
        int[] sides = [.. _tiles.Where(tile => tile.Threads <= device.GroupSize).Select(tile => tile.Side).Distinct().Order()];
        if (!sides.Contains(side))
            throw new DeviceException($"{device.Name} has no convolution tile {side}; give {string.Join(", ", sides)}");
    }

    /// <summary>The side and the parts whose busiest multiprocessor is done first.</summary>
    public static (int Side, bool TensorCores, int Parts) Choose(Shape output, int inner, KernelDevice device, int mostParts)
    {
        Tile best = _tiles[^1];
        int bestParts = 1;
        double least = double.PositiveInfinity;
        foreach (Tile tile in _tiles)
        {
            if (tile.Threads > device.GroupSize || (tile.TensorCores && !device.TensorCores)
                || (device.BlockTileSide > 0 && tile.Side != device.BlockTileSide))
                continue;
            foreach (int parts in PartsOf(output, inner, device, mostParts))
            {
                double time = Cycles(tile, output, inner, parts, device.Accelerator.NumMultiprocessors);
                if (time < least)
                    (best, bestParts, least) = (tile, parts, time);
            }
        }
        return (best.Side, best.TensorCores, bestParts);
    }

    private static IEnumerable<int> PartsOf(Shape output, int inner, KernelDevice device, int mostParts)
    {
        if (device.ConvolutionParts > 0 && mostParts > 1)
            return [device.ConvolutionParts];
        // So few that all are looked at.
        int most = Math.Min(Math.Min(MostParts, mostParts), inner / LeastRows);
        return Enumerable.Range(1, Math.Max(1, most));
    }

    private static double Cycles(Tile tile, Shape output, int inner, int parts, int multiprocessors)
    {
        double groups = Math.Ceiling(output.Plane / (double)tile.Side) * Math.Ceiling(output.C / (double)tile.Side) * output.N * parts;
        double share = Math.Ceiling(groups / multiprocessors);
        // Few warps leave a multiprocessor waiting: four reach about half of what many do.
        double warps = Math.Min(share, tile.Resident) * tile.Threads / 32;
        double full = tile.Resident * tile.Threads / 32.0;
        double speed = tile.Speed * (warps / (warps + 4)) / (full / (full + 4));
        double cycles = share * tile.Side * tile.Side * Math.Ceiling(inner / (double)parts) / speed;
        return parts == 1 ? cycles : cycles + AddCycles + 2.0 * sizeof(float) * parts * output.C * output.Plane / (AddBytes * multiprocessors);
    }
}
