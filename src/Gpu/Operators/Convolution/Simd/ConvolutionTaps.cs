namespace SpGpu.Gpu.Simd;

/// <summary>
/// The taps [first, last) of a filter that reach the image from some output pixels. The others read padding alone, so their steps
/// are left out: far from the edges none are, but with a dilation of half the image every third.
/// </summary>
/// <param name="taps">All taps, kh times kw.</param>
/// <param name="first">The first that reaches the image.</param>
/// <param name="last">One beyond the last.</param>
internal readonly unsafe struct ConvolutionTaps(int taps, int first, int last)
{
    /// <summary>Whether no tap is left out.</summary>
    public bool AreAll => first == 0 && last == taps;

    /// <summary>Whether a tap is among them.</summary>
    public bool Contains(int tap) => tap >= first && tap < last;

    /// <summary>How many of the steps [depth, depth + steps), of (in, kh, kw), are left.</summary>
    public int Count(int depth, int steps) => CountBefore(depth + steps) - CountBefore(depth);

    /// <summary>Copies what is left of a block of a filter, in the layout of <see cref="ConvolutionFilter"/>.</summary>
    /// <param name="filter">Step <paramref name="depth"/> of the block.</param>
    /// <param name="depth">The first step.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="target">Where <see cref="Count"/> steps go.</param>
    public void Copy(float* filter, int depth, int steps, float* target)
    {
        for (int k = 0; k < steps;)
        {
            int tap = (depth + k) % taps;
            int run = Math.Min(Contains(tap) ? last - tap : (tap < first ? first : taps + first) - tap, steps - k);
            if (Contains(tap))
            {
                new ReadOnlySpan<float>(filter + (long)k * Microkernel.Rows, run * Microkernel.Rows)
                    .CopyTo(new Span<float>(target, run * Microkernel.Rows));
                target += run * Microkernel.Rows;
            }
            k += run;
        }
    }

    private int CountBefore(int step) => step / taps * (last - first) + Math.Clamp(step % taps - first, 0, last - first);
}
