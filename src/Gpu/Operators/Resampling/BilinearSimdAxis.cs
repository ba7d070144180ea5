namespace SpGpu.Gpu.Simd;

/// <summary>Source positions of a bilinear interpolation along one axis.</summary>
internal sealed class BilinearSimdAxis
{
    public readonly int[] Low;
    public readonly int[] High;

    /// <summary>The weight of High; that of Low is one less it.</summary>
    public readonly float[] Weight;

    public BilinearSimdAxis(int input, int output, ResizeRule rule)
    {
        Low = new int[output];
        High = new int[output];
        Weight = new float[output];
        var line = new ResizeLine(input, output, rule);
        for (int i = 0; i < output; i++)
        {
            float position = line.At(i);
            int low = Math.Min((int)position, input - 1);
            Low[i] = low;
            High[i] = Math.Min(low + 1, input - 1);
            Weight[i] = position - low;
        }
    }

    /// <summary>Interpolates a line.</summary>
    public unsafe void Stretch(float* line, float* target)
    {
        ReadOnlySpan<int> low = Low;
        ReadOnlySpan<int> high = High;
        ReadOnlySpan<float> part = Weight;
        for (int i = 0; i < low.Length; i++)
            target[i] = (1f - part[i]) * line[low[i]] + part[i] * line[high[i]];
    }
}
