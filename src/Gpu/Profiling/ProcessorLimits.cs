using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu.Profiling;

/// <summary>
/// The limits of the processor: multiply-adds on registers alone, and a read of far more memory than the caches hold,
/// each on all threads at once.
/// </summary>
internal static unsafe class ProcessorLimits
{
    /// <summary>The fastest of so many attempts counts: other programs can only slow one down.</summary>
    private const int Attempts = 5;

    /// <summary>Independent sums of a thread: enough to hide the latency of two multiply-add units.</summary>
    private const int Chains = 12;

    private const int Rounds = 1 << 22;

    private const nuint ReadBytes = 256 << 20;

    public static DeviceLimits Measure(int threads)
    {
        int lanes = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count;
        double computing = Fastest(threads, _ => Vector512.IsHardwareAccelerated ? MultiplyAdd512() : MultiplyAdd());
        double reading = SecondsToRead(threads);
        string team = threads == 1 ? "1 thread" : FormattableString.Invariant($"{threads} threads");
        return new DeviceLimits(
            2.0 * Chains * lanes * Rounds * threads / computing * 1e-9,
            ReadBytes / reading * 1e-9,
            $"a loop of multiply-adds in registers, {team}",
            $"a read of {ReadBytes >> 20} MB, {team}")
        {
            Caches = Caches(),
        };
    }

    private static string Caches()
    {
        string[] sizes = [.. ProcessorCaches.Read().Select(bytes => bytes >= 1 << 20
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.#} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10} KB"))];
        int filter = sizeof(float) * Microkernel.Rows * PanelScratch.Depth >> 10;
        int panels = sizeof(float) * Microkernel.Columns * PanelScratch.Depth * PanelScratch.Panels >> 10;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(sizes.Length > 0 ? string.Join(", ", sizes) : "of unknown size")}; tiles of {Microkernel.Rows} x {Microkernel.Columns}, " +
            $"blocks of {PanelScratch.Depth} steps: {filter} KB of filters, {panels} KB of panels");
    }

    private static double SecondsToRead(int threads)
    {
        void* memory = NativeMemory.AlignedAlloc(ReadBytes, 64);
        try
        {
            // Written first: untouched pages are all one page of zeros, which stays in the cache.
            NativeMemory.Fill(memory, ReadBytes, 1);
            nuint vectors = ReadBytes / (nuint)sizeof(Vector<float>);
            return Fastest(threads, worker =>
            {
                nuint first = vectors * (nuint)worker / (nuint)threads;
                nuint last = vectors * (nuint)(worker + 1) / (nuint)threads;
                return Sum((Vector<float>*)memory + first, (Vector<float>*)memory + last);
            });
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>Seconds from the first thread's start to the last one's end, of the fastest attempt.</summary>
    private static double Fastest(int threads, Func<int, float> share) =>
        Enumerable.Range(0, Attempts).Min(_ => Seconds(threads, share));

    private static double Seconds(int threads, Func<int, float> share)
    {
        var starts = new long[threads];
        var ends = new long[threads];
        // The sums are kept, so that the compiler cannot leave out what makes them.
        var sums = new float[threads];
        using var together = new Barrier(threads);
        Thread[] team = [.. Enumerable.Range(1, threads - 1).Select(worker => new Thread(() => Work(worker)))];
        foreach (Thread thread in team)
            thread.Start();
        Work(0);
        foreach (Thread thread in team)
            thread.Join();
        return Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds;

        void Work(int worker)
        {
            together.SignalAndWait();
            starts[worker] = Stopwatch.GetTimestamp();
            sums[worker] = share(worker);
            ends[worker] = Stopwatch.GetTimestamp();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd512()
    {
        var x = Vector512.Create(0.999f);
        var y = Vector512.Create(0.001f);
        Vector512<float> s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x, s10 = x, s11 = x;
        for (int i = 0; i < Rounds; i++)
        {
            s0 = Vector512.MultiplyAddEstimate(s0, x, y);
            s1 = Vector512.MultiplyAddEstimate(s1, x, y);
            s2 = Vector512.MultiplyAddEstimate(s2, x, y);
            s3 = Vector512.MultiplyAddEstimate(s3, x, y);
            s4 = Vector512.MultiplyAddEstimate(s4, x, y);
            s5 = Vector512.MultiplyAddEstimate(s5, x, y);
            s6 = Vector512.MultiplyAddEstimate(s6, x, y);
            s7 = Vector512.MultiplyAddEstimate(s7, x, y);
            s8 = Vector512.MultiplyAddEstimate(s8, x, y);
            s9 = Vector512.MultiplyAddEstimate(s9, x, y);
            s10 = Vector512.MultiplyAddEstimate(s10, x, y);
            s11 = Vector512.MultiplyAddEstimate(s11, x, y);
        }
        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    /// <summary>The same on vectors of 256 or 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd()
    {
        var x = Vector.Create(0.999f);
        var y = Vector.Create(0.001f);
        Vector<float> s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x, s10 = x, s11 = x;
        for (int i = 0; i < Rounds; i++)
        {
            s0 = Vector.MultiplyAddEstimate(s0, x, y);
            s1 = Vector.MultiplyAddEstimate(s1, x, y);
            s2 = Vector.MultiplyAddEstimate(s2, x, y);
            s3 = Vector.MultiplyAddEstimate(s3, x, y);
            s4 = Vector.MultiplyAddEstimate(s4, x, y);
            s5 = Vector.MultiplyAddEstimate(s5, x, y);
            s6 = Vector.MultiplyAddEstimate(s6, x, y);
            s7 = Vector.MultiplyAddEstimate(s7, x, y);
            s8 = Vector.MultiplyAddEstimate(s8, x, y);
            s9 = Vector.MultiplyAddEstimate(s9, x, y);
            s10 = Vector.MultiplyAddEstimate(s10, x, y);
            s11 = Vector.MultiplyAddEstimate(s11, x, y);
        }
        return Vector.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(Vector<float>* first, Vector<float>* last)
    {
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; first + 4 <= last; first += 4)
        {
            s0 += first[0];
            s1 += first[1];
            s2 += first[2];
            s3 += first[3];
        }
        return Vector.Sum(s0 + s1 + s2 + s3);
    }
}
