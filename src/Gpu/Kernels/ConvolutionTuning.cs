namespace SpGpu.Gpu.Kernels;

/// <summary>Chooses the square of a convolution: large ones read less, small ones keep more multiprocessors busy.</summary>
internal static class ConvolutionTuning
{
    /// <summary>The sides that exist and the part of a multiprocessor's speed that each reaches when it is busy.</summary>
    private static readonly (int Side, int Threads, double Speed)[] Squares = [(128, 256, 1.0), (64, 64, 0.8), (32, 64, 0.4)];

    /// <summary>The side whose busiest multiprocessor is done first.</summary>
    public static int Side(Shape output, KernelDevice device)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        foreach ((int side, int threads, double speed) in Squares)
        {
            if (threads > device.GroupSize)
                continue;
            long groups = (long)Rounded(output.Plane, side) * Rounded(output.C, side) * output.N;
            double time = Math.Ceiling((double)groups / device.Accelerator.NumMultiprocessors) * side * side / speed;
            if (time < least)
                (best, least) = (side, time);
        }
        return best;
    }

    private static int Rounded(int count, int side) => (int)(((long)count + side - 1) / side);
}
