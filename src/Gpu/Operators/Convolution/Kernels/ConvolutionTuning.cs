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

    /// <summary>
    /// A block tile: its side, threads, groups of it that fit on a multiprocessor, the multiply-adds a cycle that a
    /// multiprocessor would reach with any number of warps, and the warps with which it reaches half of that.
    /// </summary>
    private sealed record Tile(int Side, bool TensorCores, int Threads, int Resident, double Speed, double HalfWarps)
    {
        /// <summary>Cycles of groups that share a multiprocessor, for a row of the inner dimension.</summary>
        public double Cycles(double groups)
        {
            double warps = groups * Threads / 32;
            return groups * Side * Side * (warps + HalfWarps) / (Speed * warps);
        }
    }

    private static readonly Tile[] _tiles =
    [
        new(128, true, 256, 1, 190, 16), new(64, true, 64, 6, 190, 16), new(64, true, 128, 4, 208, 16),
        new(128, false, 256, 2, 95, 8), new(64, false, 64, 8, 95, 8), new(32, false, 256, 4, 60, 8),
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
    public static (int Side, int Threads, bool TensorCores, int Parts) Choose(Shape output, int inner, KernelDevice device, int mostParts)
    {
        Tile best = _tiles[^1];
        int bestParts = 1;
        double least = double.PositiveInfinity;
        foreach (Tile tile in _tiles)
        {
            if (tile.Threads > device.GroupSize || (tile.TensorCores && !device.TensorCores)
                || (device.BlockTileSide > 0 && tile.Side != device.BlockTileSide)
                || (device.BlockTileThreads > 0 && tile.Threads != device.BlockTileThreads))
                continue;
            foreach (int parts in PartsOf(output, inner, device, mostParts))
            {
                double time = Cycles(tile, output, inner, parts, device.Accelerator.NumMultiprocessors);
                if (time < least)
                    (best, bestParts, least) = (tile, parts, time);
            }
        }
        return (best.Side, best.Threads, best.TensorCores, bestParts);
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
        // The busiest multiprocessor takes as many groups as it holds at a time, then those that are left.
        double share = Math.Ceiling(groups / multiprocessors);
        double full = Math.Floor(share / tile.Resident);
        double rest = share - full * tile.Resident;
        double cycles = full * tile.Cycles(tile.Resident) + (rest > 0 ? tile.Cycles(rest) : 0);
        cycles *= Math.Ceiling(inner / (double)parts);
        return parts == 1 ? cycles : cycles + AddCycles + 2.0 * sizeof(float) * parts * output.C * output.Plane / (AddBytes * multiprocessors);
    }
}
