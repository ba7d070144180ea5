using System.Diagnostics;
using SpGpu.Models.Tests.Weights.Fuzzing;

namespace SpGpu.Soak;

/// <summary>Runs the mutation cases of the weights tests by the million.</summary>
internal static class WeightsSoak
{
    private const long ReportEvery = 10_000;

    /// <summary>Runs each case on every reader in turn, so that a single number says where to go on.</summary>
    /// <returns>Whether all readers did what they may.</returns>
    public static bool Run(long cases, ulong seed, long start)
    {
        var fuzzer = new WeightsFuzzer(Path.Combine(AppContext.BaseDirectory, "fixtures", "pth"));
        long[] accepted = new long[WeightsFuzzer.Targets.Length];
        var clock = Stopwatch.StartNew();
        for (long number = start; number < cases; number++)
        {
            for (int i = 0; i < accepted.Length; i++)
            {
                try
                {
                    accepted[i] += fuzzer.Run(WeightsFuzzer.Targets[i], seed, number) ? 1 : 0;
                }
                catch (InvalidOperationException failure)
                {
                    Console.Error.WriteLine(failure);
                    Console.Error.WriteLine($"repeat with: --seed {seed} --start {number} --cases {number + 1}");
                    return false;
                }
            }
            if ((number + 1) % ReportEvery == 0 || number + 1 == cases)
                Report(number + 1, start, cases, accepted, clock.Elapsed);
        }
        return true;
    }

    private static void Report(long done, long start, long cases, long[] accepted, TimeSpan elapsed)
    {
        IEnumerable<string> shares = WeightsFuzzer.Targets
            .Zip(accepted, (target, count) => $"{target} {100.0 * count / (done - start):f1} %");
        Console.WriteLine(
            $"{done} of {cases} cases a reader, {(done - start) / elapsed.TotalSeconds:f0} a second; "
            + $"loaded in spite of damage: {string.Join(", ", shares)}");
    }
}
