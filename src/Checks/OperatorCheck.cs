namespace SpGpu.Checks;

/// <summary>
/// Runs a case on a device and compares it with its reference (<see cref="Check"/>), element by element, each with its own
/// tolerance (<see cref="Estimate"/>). It runs twice, with other numbers in the memory around the data, and demands
/// the same bits, nothing written outside of the outputs, and inputs left as they were.
/// </summary>
public static class OperatorCheck
{
    /// <summary>Checks <paramref name="case"/> on <paramref name="device"/>.</summary>
    public static CheckResult Run(Device device, OperatorCase @case)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(@case);
        var data = new CaseData(@case);
        string variant;
        byte[][] results;
        string? message;
        lock (device.Lock)
        {
            using var prepared = new PreparedCase(device, @case, data);
            variant = prepared.Operation.Variant;
            (results, message) = RunTwice(prepared);
        }
        var comparison = new Comparison(@case, data, results);
        return new CheckResult(@case, variant, comparison.Error, comparison.Allowed, message ?? comparison.Message);
    }

    private static (byte[][] Results, string? Message) RunTwice(PreparedCase prepared)
    {
        prepared.Run();
        byte[][] first = prepared.Collect(out string? firstDamage);
        prepared.Fill(pattern: 1);
        prepared.Run();
        byte[][] second = prepared.Collect(out string? secondDamage);
        return (first, firstDamage ?? secondDamage ?? Difference(first, second));
    }

    private static string? Difference(byte[][] first, byte[][] second)
    {
        for (int i = 0; i < first.Length; i++)
        {
            int same = first[i].AsSpan().CommonPrefixLength(second[i]);
            if (same < first[i].Length)
                return FormattableString.Invariant($"output {i} differs between two runs, or is not written, at byte {same}");
        }
        return null;
    }
}
