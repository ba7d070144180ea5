using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>Source positions of a bilinear interpolation along one axis.</summary>
internal sealed class BilinearSimdAxis
{
    private const int Eight = 8;

    public readonly int[] Low;
    public readonly int[] High;

    /// <summary>The weight of High; that of Low is one less it.</summary>
    public readonly float[] Weight;

    /// <summary>Of each eight outputs that read eight inputs and the next one, the first input; -1 for others.</summary>
    private readonly int[] _starts;

    /// <summary>Of each output <see cref="Low"/> from that first input on.</summary>
    private readonly int[] _picks;

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
        _starts = new int[(output + Eight - 1) / Eight];
        _picks = new int[output];
        for (int i = 0; i < _starts.Length; i++)
            _starts[i] = Start(i * Eight, input);
    }

    /// <summary>Interpolates a line.</summary>
    public unsafe void Stretch(float* line, float* target)
    {
        ReadOnlySpan<int> low = Low;
        ReadOnlySpan<int> high = High;
        ReadOnlySpan<float> part = Weight;
        for (int i = 0; i < low.Length; i += Eight)
        {
            int start = _starts[i / Eight];
            if (Avx2.IsSupported && start >= 0)
            {
                Vector256<int> picks = Vector256.Create<int>(_picks.AsSpan(i));
                Vector256<float> weight = Vector256.Create(part[i..]);
                Vector256<float> left = Avx2.PermuteVar8x32(Vector256.Load(line + start), picks);
                Vector256<float> right = Avx2.PermuteVar8x32(Vector256.Load(line + start + 1), picks);
                ((Vector256<float>.One - weight) * left + weight * right).Store(target + i);
                continue;
            }
            for (int j = i; j < Math.Min(i + Eight, low.Length); j++)
                target[j] = (1f - part[j]) * line[low[j]] + part[j] * line[high[j]];
        }
    }

    private int Start(int first, int input)
    {
        int start = Math.Min(Low[first], input - Eight - 1);
        if (start < 0 || first + Eight > Low.Length || Low[first + Eight - 1] > Math.Min(start + Eight - 1, input - 2))
            return -1;
        for (int i = first; i < first + Eight; i++)
            _picks[i] = Low[i] - start;
        return start;
    }
}
