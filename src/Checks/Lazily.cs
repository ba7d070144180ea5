namespace SpGpu.Checks;

/// <summary>What many elements of a reference share, computed once.</summary>
internal static class Lazily
{
    /// <summary>A value for each number below <paramref name="count"/>, computed when it is first asked for.</summary>
    public static Func<int, T> Once<T>(int count, Func<int, T> compute)
    {
        Lazy<T>[] values = [.. Enumerable.Range(0, count).Select(number => new Lazy<T>(() => compute(number)))];
        return number => values[number].Value;
    }
}
