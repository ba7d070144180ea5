namespace SpGpu.Checks;

/// <summary>
/// For each position along an axis the outputs that read it, and with what weights: a resampling as its gradient sees it.
/// </summary>
internal sealed class AxisReaders(int positions)
{
    private readonly List<(int Output, Estimate Weight)>[] _readers =
        [.. Enumerable.Range(0, positions).Select(_ => new List<(int Output, Estimate Weight)>())];

    /// <summary>Notes that <paramref name="output"/> reads <paramref name="position"/>.</summary>
    public void Add(int position, int output, Estimate weight) => _readers[position].Add((output, weight));

    /// <summary>
    /// The sum over the outputs that read the element in row <paramref name="i"/> and column <paramref name="j"/> of what
    /// they hand back, times both of their weights.
    /// </summary>
    public static Estimate Gather(AxisReaders rows, AxisReaders columns, int i, int j, Func<int, int, Estimate> handed)
    {
        var sum = new Total();
        foreach ((int row, Estimate down) in rows._readers[i])
        {
            foreach ((int column, Estimate along) in columns._readers[j])
                sum.Add(down * along * handed(row, column));
        }
        return sum.Sum;
    }
}
