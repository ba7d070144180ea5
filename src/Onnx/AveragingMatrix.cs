namespace SpGpu.Onnx;

/// <summary>
/// Adaptive average pooling along one axis as a matrix: bin i of O is the mean of [floor(i*n/O), ceil((i+1)*n/O)),
/// as <see cref="Gpu.AdaptiveAveragePool"/> has it.
/// </summary>
internal static class AveragingMatrix
{
    /// <summary>bins x n, to be multiplied from the left.</summary>
    public static float[] Rows(int n, int bins)
    {
        var matrix = new float[bins * n];
        for (int bin = 0; bin < bins; bin++)
        {
            (int from, int to) = Bin(n, bins, bin);
            matrix.AsSpan(bin * n + from, to - from).Fill(1f / (to - from));
        }
        return matrix;
    }

    /// <summary>n x bins, to be multiplied from the right.</summary>
    public static float[] Columns(int n, int bins)
    {
        float[] rows = Rows(n, bins);
        return [.. Enumerable.Range(0, n * bins).Select(i => rows[i % bins * n + i / bins])];
    }

    private static (int From, int To) Bin(int n, int bins, int bin) =>
        ((int)((long)bin * n / bins), (int)(((bin + 1L) * n + bins - 1) / bins));
}
