namespace SpGpu.Data.Datasets.Checks;

/// <summary>Where one value of label files occurs.</summary>
/// <param name="Pixels">In how many pixels.</param>
/// <param name="Files">In how many files.</param>
/// <param name="First">The first of these files, empty if there is none.</param>
internal readonly record struct ValueUse(long Pixels, int Files, string First)
{
    /// <summary>With the pixels of one more file.</summary>
    public ValueUse With(long pixels, string file) =>
        pixels == 0 ? this : new(Pixels + pixels, Files + 1, Files == 0 ? file : First);
}
