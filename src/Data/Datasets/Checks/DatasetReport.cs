namespace SpGpu.Data.Datasets.Checks;

/// <summary>What a <see cref="DatasetCheck"/> found.</summary>
public sealed record DatasetReport
{
    /// <summary>Samples whose picture could be read.</summary>
    public required int Pictures { get; init; }

    /// <summary>The mean width and height of the pictures; zero if there are none.</summary>
    public required (double Width, double Height) MeanSize { get; init; }

    /// <summary>The picture with the fewest pixels; the first of several.</summary>
    public required (int Width, int Height) Smallest { get; init; }

    /// <summary>The picture with the most pixels; the first of several.</summary>
    public required (int Width, int Height) Largest { get; init; }

    /// <summary>Pixels of each class.</summary>
    public required IReadOnlyList<long> ClassPixels { get; init; }

    /// <summary>How many label maps have each class.</summary>
    public required IReadOnlyList<int> ClassFiles { get; init; }

    /// <summary>Pixels that are ignored.</summary>
    public required long IgnoredPixels { get; init; }

    /// <summary>What is wrong, by kind.</summary>
    public required IReadOnlyList<FaultGroup> Faults { get; init; }

    /// <summary>What may be wrong.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }
}
