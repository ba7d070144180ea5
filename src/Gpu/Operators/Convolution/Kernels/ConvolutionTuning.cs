namespace SpGpu.Gpu.Kernels;

/// <summary>Chooses the block tile of a convolution: large ones read less, small ones keep more multiprocessors busy.</summary>
internal static class ConvolutionTuning
{
    /// <summary>
    /// The sides that exist, threads of a group, and the part of its peak that a multiprocessor reaches when many groups
    /// share it: small block tiles read more for each multiplication.
    /// </summary>
    private static readonly (int Side, int Threads, double Speed)[] _tiles = [(128, 256, 1.0), (64, 64, 0.85), (32, 256, 0.45)];

    /// <summary>Throws unless block tiles can have a side that was asked for.</summary>
    /// <exception cref="DeviceException">There is no such side, or its groups are too large for the device.</exception>
    public static void Check(int side, KernelDevice device)
    {
        int[] sides = [.. _tiles.Where(tile => tile.Threads <= device.GroupSize).Select(tile => tile.Side).Order()];
        if (!sides.Contains(side))
            throw new DeviceException($"{device.Name} has no convolution tile {side}; give {string.Join(", ", sides)}");
    }

    /// <summary>The side whose busiest multiprocessor is done first.</summary>
    public static int Side(Shape output, KernelDevice device)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        foreach ((int side, int threads, double speed) in _tiles)
        {
            if (threads > device.GroupSize)
                continue;
            double groups = Math.Ceiling(output.Plane / (double)side) * Math.Ceiling(output.C / (double)side) * output.N;
            double share = Math.Ceiling(groups / device.Accelerator.NumMultiprocessors);
            // Few warps leave a multiprocessor waiting: four reach about half of what many do.
            double warps = share * threads / 32;
            double time = share * side * side / (speed * warps / (warps + 4));
            if (time < least)
                (best, least) = (side, time);
        }
        return best;
    }
}
