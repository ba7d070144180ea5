using System.Globalization;
using System.Text;

namespace SpGpu.PtxMachine.Counting;

/// <summary>Profiles as a table of at most 80 columns: a line with the name, a line with the figures.</summary>
internal static class ProfileTable
{
    public const string Legend =
        """
        instr:    instructions of threads, as PTX has them, and of these, in percent
          fma mma multiply-adds, products of tensor cores
          flt int other arithmetic of floats; of integers and predicates, and moves
          ldg stg loads and stores of global memory; lds sts of shared memory
          cpa     asynchronous copies from global to shared memory
          oth     branches, barriers, loads of parameters
        lanes:    active lanes of an instruction of a warp, of 32
        sect min: sectors of 32 bytes of an access to global memory; at the least
        pass loop: passes over the banks of shared memory, as a multiple of the
                  least; in the main loop
        """;

    private static readonly string[] _names = ["fma", "mma", "flt", "int", "ldg", "stg", "lds", "sts", "cpa", "oth"];

    public static string Of(IEnumerable<KernelProfile> profiles)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{"instr",11}{string.Concat(_names.Select(name => $"{name,4}"))}{"lanes",6}{"sect",6}{"min",5}{"pass",5}{"loop",5}");
        foreach (KernelProfile profile in profiles)
        {
            string name = $"{profile.Operator}{(profile.Operator.Length > 0 ? ": " : "")}{profile.Kernel}";
            Tally all = profile.All;
            text.AppendLine(name.Length > 80 ? name[..80] : name);
            text.Append(CultureInfo.InvariantCulture, $"{all.Threads,11}");
            foreach (InstructionKind kind in Enum.GetValues<InstructionKind>())
                text.Append(CultureInfo.InvariantCulture, $"{Percent(profile[kind].Threads, all.Threads),4}");
            text.Append(CultureInfo.InvariantCulture, $"{Ratio(all.Threads, all.Warps, "f1"),6}");
            text.Append(CultureInfo.InvariantCulture, $"{Ratio(all.Sectors, all.Requests, "f1"),6}");
            text.Append(CultureInfo.InvariantCulture, $"{Ratio(all.LeastSectors, all.Requests, "f1"),5}");
            text.Append(CultureInfo.InvariantCulture, $"{Ratio(all.Passes, all.LeastPasses, "f2"),5}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{Ratio(profile.Loop?.Passes ?? 0, profile.Loop?.LeastPasses ?? 0, "f2"),5}");
        }
        return text.ToString();
    }

    private static string Percent(long part, long whole) =>
        part == 0 ? "-" : Math.Round(100.0 * part / whole).ToString(CultureInfo.InvariantCulture);

    private static string Ratio(long a, long b, string format) =>
        b == 0 ? "-" : ((double)a / b).ToString(format, CultureInfo.InvariantCulture);
}
