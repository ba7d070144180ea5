using System.Diagnostics;
using SpGpu.Cli.Tests;

namespace SpGpu.Soak;

/// <summary>Kills training runs by the hundred; each must end with the bits of a run that nobody killed.</summary>
internal static class TrainKillSoak
{
    private const long ReportEvery = 10;

    /// <returns>Whether all runs did.</returns>
    public static bool Run(long kills, ulong seed)
    {
        string folder = Directory.CreateTempSubdirectory("spgpu-soak-").FullName;
        var training = new KilledTraining(folder);
        var random = new Random((int)seed);
        var clock = Stopwatch.StartNew();
        int runs = 0;
        try
        {
            training.Prepare();
            for (long done = 0; done < kills;)
            {
                string run = $"run{runs}";
                if (training.Kill(run, random))
                {
                    done++;
                    if (done % ReportEvery == 0)
                        Console.WriteLine($"{done} of {kills} kills, {runs} runs ended with the same bits, {clock.Elapsed:h\\:mm\\:ss}");
                    continue;
                }
                training.FinishAndCompare(run);
                Directory.Delete(Path.Combine(folder, run), recursive: true);
                runs++;
            }
            training.FinishAndCompare($"run{runs}");
        }
        catch (InvalidOperationException failure)
        {
            Console.Error.WriteLine($"{failure.Message}; its files are in {folder}");
            return false;
        }
        Console.WriteLine($"{kills} kills, {runs + 1} runs ended with the same bits");
        Directory.Delete(folder, recursive: true);
        return true;
    }
}
