namespace SpGpu.Data.Tests;

/// <summary>What every error must be, whatever caused it.</summary>
internal static class Check
{
    /// <summary>The error, whose message is one line and holds all of <paramref name="parts"/>.</summary>
    public static T Throws<T>(Action action, params string[] parts) where T : SpGpuException
    {
        T error = Assert.Throws<T>(action);
        foreach (string part in parts)
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        OneLine(error);
        return error;
    }

    public static void OneLine(SpGpuException error)
    {
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains(';', error.Message); // what and where; how to mend it
    }

    /// <summary>Mean and largest absolute difference.</summary>
    public static (double Mean, int Max) Difference(RgbImage a, RgbImage b)
    {
        Assert.Equal((b.Width, b.Height), (a.Width, a.Height));
        int[] differences = [.. a.Pixels.Zip(b.Pixels, (p, q) => Math.Abs(p - q))];
        return (differences.Average(), differences.Max());
    }

    /// <summary>Reads <paramref name="cases"/> damaged copies of the files.</summary>
    public static void Survives<T>(IReadOnlyList<byte[]> files, int cases, int seed, Action<byte[]> read) where T : SpGpuException =>
        Survives<T>(random => Damage(files[random.Next(files.Count)], random), cases, seed, read);

    /// <summary>Reads files made at random: each gives a result or the expected error, and both happen.</summary>
    public static void Survives<T>(Func<Random, byte[]> make, int cases, int seed, Action<byte[]> read) where T : SpGpuException
    {
        var random = new Random(seed);
        int good = 0, bad = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] file = make(random);
            try
            {
                read(file);
                good++;
            }
            catch (T error)
            {
                OneLine(error);
                bad++;
            }
        }
        Assert.True(good > 0 && bad > 0, $"{good} read, {bad} refused");
    }

    /// <summary>Flips bytes, cuts a piece out, repeats a piece, or cuts the end off.</summary>
    private static byte[] Damage(byte[] file, Random random)
    {
        int from = random.Next(file.Length), length = random.Next(1, Math.Min(64, file.Length - from) + 1);
        switch (random.Next(4))
        {
            case 0:
                return [.. file[..from], .. file[(from + length)..]];
            case 1:
                return [.. file[..(from + length)], .. file[from..]];
            case 2:
                return file[..from];
            default:
                byte[] copy = [.. file];
                // Half of the damage goes to the start, where the headers are.
                int range = random.Next(2) == 0 ? file.Length : Math.Min(file.Length, 64);
                for (int i = random.Next(1, 9); i > 0; i--)
                    copy[random.Next(range)] = (byte)random.Next(256);
                return copy;
        }
    }
}
