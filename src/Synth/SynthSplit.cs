namespace SpGpu.Synth;

/// <summary>What scenes are for. Splits share neither seeds nor assets (palettes, textures, shapes, camera ranges).</summary>
public enum SynthSplit
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To choose settings by.</summary>
    Validation,

    /// <summary>To report results on.</summary>
    Test,
}
