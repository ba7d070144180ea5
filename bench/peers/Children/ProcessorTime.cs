using System.Globalization;

namespace SpGpu.Peers.Children;

/// <summary>Processor time by thread, as Linux tells it.</summary>
internal static class ProcessorTime
{
    /// <summary>Seconds of the threads of this process that have not ended, but for those of a name.</summary>
    public static double But(string name)
    {
        double seconds = 0;
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText($"{thread}/comm").Trim() != name)
                    seconds += 1e-9 * long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return seconds;
    }
}
