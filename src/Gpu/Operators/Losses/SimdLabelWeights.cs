namespace SpGpu.Gpu.Simd;

/// <summary>What a pixel of each label counts in a loss: a table of all bytes.</summary>
internal static unsafe class SimdLabelWeights
{
    /// <summary>The labels that a byte can hold.</summary>
    public const int Labels = 256;

    /// <summary>Fills the table: factor, times the class's weight if there are some; zero for labels that do not count.</summary>
    public static void Fill(float* table, int classes, byte ignored, float* weights, float factor)
    {
        for (int label = 0; label < Labels; label++)
        {
            bool counts = label < classes && label != ignored;
            table[label] = !counts ? 0f : weights is null ? factor : factor * weights[label];
        }
    }
}
