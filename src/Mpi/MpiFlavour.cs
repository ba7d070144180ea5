using System.Globalization;

namespace SpGpu.Mpi;

/// <summary>
/// A kind of MPI library. Their functions have the same names and meanings; what stands for "all processes" and "bytes" is the address
/// of a variable in Open MPI and a number in MPICH and its descendants (Intel MPI, MVAPICH).
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Files">What its library is called on Linux, the likeliest first.</param>
/// <param name="Launched">Variables one of which its mpirun, or a scheduler in its place, sets for every process.</param>
/// <param name="LocalRank">Variables for the number of a process among those of its machine.</param>
/// <param name="Size">The variable for the number of all processes.</param>
internal sealed record MpiFlavour(string Name, string[] Files, string[] Launched, string[] LocalRank, string Size)
{
    /// <summary>A variable that names the kind where none was recognised.</summary>
    private const string Chosen = "SPGPU_MPI", None = "none";

    public static readonly MpiFlavour OpenMpi = new("openmpi", ["libmpi.so.40", "libmpi.so.80", "libmpi.so"],
        ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK"], ["OMPI_COMM_WORLD_LOCAL_RANK"], "OMPI_COMM_WORLD_SIZE");

    public static readonly MpiFlavour Mpich = new("mpich", ["libmpich.so.12", "libmpi.so.12", "libmpich.so"],
        ["PMI_RANK"], ["MPI_LOCALRANKID"], "PMI_SIZE");

    private static readonly MpiFlavour[] _all = [OpenMpi, Mpich];

    /// <summary>The library that started this process; null where none did.</summary>
    /// <param name="environment">The value of a variable.</param>
    /// <exception cref="ConfigurationException">SPGPU_MPI names none that is known.</exception>
    public static MpiFlavour? Of(Func<string, string?> environment)
    {
        if (environment(Chosen) is { Length: > 0 } name)
        {
            if (name == None)
                return null;
            return _all.FirstOrDefault(flavour => flavour.Name == name) ?? throw new ConfigurationException(
                $"{Chosen} is '{name}'; give {string.Join(", ", _all.Select(flavour => flavour.Name))} or {None}");
        }
        return _all.FirstOrDefault(flavour => flavour.Launched.Any(variable => environment(variable) is { Length: > 0 }));
    }

    /// <summary>How many processes were started together, as far as the environment tells, whatever library is chosen.</summary>
    /// <param name="environment">The value of a variable.</param>
    public static int? Started(Func<string, string?> environment) =>
        _all.Select(flavour => environment(flavour.Size)).FirstOrDefault(value => value is { Length: > 0 }) is { } size &&
        int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
}
