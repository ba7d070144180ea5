namespace SpGpu.Training.Logs;

/// <summary>What a run goes on with of a log that it finds.</summary>
/// <param name="Kept">The first bytes of the log.</param>
/// <param name="Misfit">
/// Why the file as it is gets another name, as the end of a sentence about it; null where all that is left out is what the
/// run will write again.
/// </param>
internal sealed record LogContent(byte[] Kept, string? Misfit = null);
