namespace SpGpu.Training;

/// <summary>The groups of parameters: the backbone learns at the rate of the schedule, the heads ten times as fast.</summary>
internal static class LearningGroups
{
    /// <summary>The number of groups.</summary>
    public const int Count = 2;

    private const double HeadFactor = 10;

    /// <summary>The group of a parameter, 0 for the backbone and 1 for the heads.</summary>
    public static int Of(string parameter) => parameter.StartsWith("pretrained.", StringComparison.Ordinal) ? 0 : 1;

    /// <summary>The rates of the groups.</summary>
    public static float[] Rates(double rate) => [(float)rate, (float)(HeadFactor * rate)];
}
