using SpGpu.Models;

namespace SpGpu.Training;

/// <summary>The groups of parameters: the backbone learns at the rate of the schedule, the heads at a multiple of it.</summary>
internal static class LearningGroups
{
    /// <summary>The number of groups.</summary>
    public const int Count = 2;

    /// <summary>The group of a parameter, 0 for the backbone and 1 for the heads.</summary>
    public static int Of(string parameter) => BackboneNames.Holds(parameter) ? 0 : 1;

    /// <summary>The rates of the groups.</summary>
    public static float[] Rates(double rate, double headFactor) => [(float)rate, (float)(headFactor * rate)];
}
