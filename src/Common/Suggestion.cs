namespace SpGpu;

/// <summary>Finds what someone probably meant to type.</summary>
internal static class Suggestion
{
    /// <summary>The end of an error message: the nearest of the known words, or nothing where none is near.</summary>
    public static string For(string typed, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(word => Distance(typed, word));
        return nearest is not null && Distance(typed, nearest) <= Math.Max(2, nearest.Length / 3)
            ? $"; did you mean '{nearest}'?"
            : "";
    }

    /// <summary>How many letters must be put in, taken out, exchanged or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var steps = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }
                int exchanged = steps[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(exchanged, 1 + Math.Min(steps[i - 1, j], steps[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], 1 + steps[i - 2, j - 2]);
            }
        }
        return steps[a.Length, b.Length];
    }
}
