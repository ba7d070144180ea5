namespace SpGpu.Golden;

/// <summary>Compares logits with label maps.</summary>
internal static class LabelCount
{
    /// <summary>The pixels whose largest logit is not that of the expected class.</summary>
    public static int Differing(float[] logits, byte[] expected, int classes)
    {
        int differing = 0;
        for (int pixel = 0; pixel < expected.Length; pixel++)
        {
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                if (logits[c * expected.Length + pixel] > logits[best * expected.Length + pixel])
                    best = c;
            }
            differing += best == expected[pixel] ? 0 : 1;
        }
        return differing;
    }
}
