using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Packs a filter that is a tensor, and a bias, as <see cref="ConvolutionLayout"/> says, and makes the taps. One thread
/// an element of the packed filter, grid (elements).
/// </summary>
internal static class FilterPacking
{
    /// <summary>
    /// Sizes, and where weights lie: (output o, channel c, tap t) is at First + o * OutputStep + c * ChannelStep +
    /// t * TapStep, t = u * kw + v. The divisors divide an element's number by the length of a row, a row's number by
    /// the taps of a channel, or the channels of a tap, and a tap's number by kw.
    /// </summary>
    internal struct Scalars
    {
        public int First, OutputStep, ChannelStep, TapStep;

        /// <summary>Where the bias starts; -1 if there is none.</summary>
        public int Bias;

        /// <summary>1 if the channels of a tap follow each other, else 0.</summary>
        public int ChannelsLast;

        public int Outputs, Inner, Rows, Length, DilationHeight, DilationWidth;

        public Divisor Row, Pitch, KernelWidth;
    }

    [Kernel]
    internal static void Run(ArrayView<float> filter, ArrayView<float> bias, ArrayView<float> packed, ArrayView<Tap> taps, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (i >= s.Length)
            return;
        int k = s.Row.Quotient(i);
        int output = i - k * s.Row.Value;
        bool isOutput = output < s.Outputs;
        if (k == s.Rows)
        {
            packed[i] = isOutput && s.Bias >= 0 ? bias[s.Bias + output] : 0f;
            return;
        }
        int channel = s.Pitch.Quotient(k);
        int tap = k - channel * s.Pitch.Value;
        if (s.ChannelsLast != 0)
            (channel, tap) = (tap, channel);
        bool isRow = k < s.Inner;
        packed[i] = isOutput && isRow ? filter[s.First + output * s.OutputStep + channel * s.ChannelStep + tap * s.TapStep] : 0f;
        if (output == 0)
        {
            int u = s.KernelWidth.Quotient(tap);
            int v = tap - u * s.KernelWidth.Value;
            taps[k] = new Tap(channel, isRow ? u * s.DilationHeight : Gathered<Direct>.Outside, v * s.DilationWidth);
        }
    }
}
