namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What one group of a convolution computes: a block tile of output channels and pixels. A step takes <see cref="Depth"/>
/// rows of the inner dimension through shared memory, fetched in <see cref="Chunks"/> of four values a thread. The steps
/// may be dealt out to several splits of the group, whose sums are added up at the end.
/// </summary>
internal interface IBlockTile
{
    /// <summary>Split-K within the group: parts of its threads that take different steps, 1 or 4.</summary>
    static abstract int Splits { get; }

    /// <summary>Threads of a split.</summary>
    static abstract int Threads { get; }

    /// <summary>log2 of <see cref="Threads"/>.</summary>
    static abstract int LogThreadsOfSplit { get; }

    /// <summary>Channels, and pixels.</summary>
    static abstract int Side { get; }

    /// <summary>log2 of <see cref="Side"/>.</summary>
    static abstract int LogSide { get; }

    /// <summary>log2 of the threads along a side.</summary>
    static abstract int LogThreads { get; }

    /// <summary>Rows of a step; those of all splits divide <see cref="ConvolutionLayout.RowMultiple"/>.</summary>
    static abstract int Depth { get; }

    /// <summary>Chunks of a step, 1 or 2; a chunk has 4 * Threads / Side rows.</summary>
    static abstract int Chunks { get; }

    /// <summary>Rows of shared memory for two steps of either operand in all splits.</summary>
    static abstract int Stages { get; }

    /// <summary>Floats of these rows.</summary>
    static abstract int Shared { get; }
}

/// <summary>For large layers: 256 threads of 8 x 8 sums, 16 KB of shared memory.</summary>
internal readonly struct BlockTile128 : IBlockTile
{
    public static int Splits => 1;

    public static int Threads => 256;

    public static int LogThreadsOfSplit => 8;

    public static int Side => 128;

    public static int LogSide => 7;

    public static int LogThreads => 4;

    public static int Depth => 8;

    public static int Chunks => 1;

    public static int Stages => 2 * 8;

    public static int Shared => 2 * 8 * 128;
}

/// <summary>128 threads of 4 x 8 sums by tensor cores.</summary>
internal readonly struct BlockTile64By128 : IBlockTile
{
    public static int Splits => 1;

    public static int Threads => 128;

    public static int LogThreadsOfSplit => 7;

    public static int Side => 64;

    public static int LogSide => 6;

    public static int LogThreads => 3;

    public static int Depth => 8;

    public static int Chunks => 1;

    public static int Stages => 2 * 8;

    public static int Shared => 2 * 8 * 64;
}

/// <summary>64 threads of 8 x 8 sums, 8 KB of shared memory.</summary>
internal readonly struct BlockTile64 : IBlockTile
{
    public static int Splits => 1;

    public static int Threads => 64;

    public static int LogThreadsOfSplit => 6;

    public static int Side => 64;

    public static int LogSide => 6;

    public static int LogThreads => 3;

    public static int Depth => 8;

    public static int Chunks => 2;

    public static int Stages => 2 * 8;

    public static int Shared => 2 * 8 * 64;
}

/// <summary>
/// For few pixels or channels, where a single group has its multiprocessor to itself and waits for memory: four splits
/// of 64 threads of 4 x 4 sums, 16 KB of shared memory.
/// </summary>
internal readonly struct BlockTile32 : IBlockTile
{
    public static int Splits => 4;

    public static int Threads => 64;

    public static int LogThreadsOfSplit => 6;

    public static int Side => 32;

    public static int LogSide => 5;

    public static int LogThreads => 3;

    public static int Depth => 8;

    public static int Chunks => 1;

    public static int Stages => 4 * 2 * 8;

    public static int Shared => 4 * 2 * 8 * 32;
}
