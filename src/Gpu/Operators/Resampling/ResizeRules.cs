namespace SpGpu.Gpu;

/// <summary>What rules are called in the names of operators.</summary>
internal static class ResizeRules
{
    /// <summary>Behind the description of an operator that interpolates; the rule that most have goes without saying.</summary>
    public static string Suffix(this ResizeRule rule) => rule == ResizeRule.HalfPixel ? " half-pixel" : "";
}
