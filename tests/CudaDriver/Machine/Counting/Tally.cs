namespace SpGpu.PtxMachine.Counting;

/// <summary>Sums over executed instructions.</summary>
internal record struct Tally
{
    /// <summary>Instructions of threads.</summary>
    public long Threads { get; set; }

    /// <summary>Instructions of warps, those for no lane among them.</summary>
    public long Warps { get; set; }

    /// <summary>Accesses of warps to global memory.</summary>
    public long Requests { get; set; }

    /// <summary>Pieces of 32 bytes that these touch, and into which the bytes that they ask for would go.</summary>
    public long Sectors { get; set; }

    public long LeastSectors { get; set; }

    /// <summary>
    /// Passes over the 32 banks of shared memory, and those without conflicts. GPUs split accesses of 8 bytes into halves of
    /// a warp, of 16 bytes into quarters.
    /// </summary>
    public long Passes { get; set; }

    public long LeastPasses { get; set; }

    public static Tally operator +(Tally a, Tally b) => new()
    {
        Threads = a.Threads + b.Threads,
        Warps = a.Warps + b.Warps,
        Requests = a.Requests + b.Requests,
        Sectors = a.Sectors + b.Sectors,
        LeastSectors = a.LeastSectors + b.LeastSectors,
        Passes = a.Passes + b.Passes,
        LeastPasses = a.LeastPasses + b.LeastPasses,
    };

    public static Tally Sum(IEnumerable<Tally> all) => all.Aggregate(default(Tally), (sum, next) => sum + next);
}
