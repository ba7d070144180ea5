namespace SpGpu.Data.Datasets.Checks;

/// <summary>Tells from the values of all label files that they are labels of another kind than they are read as.</summary>
internal static class LabelKinds
{
    private const int LastTrainId = 18;

    /// <summary>What is wrong for certain, and how to mend it; null if nothing is.</summary>
    /// <param name="values">The values that occur, ascending.</param>
    /// <param name="transform">What they are read with.</param>
    public static string? Fault(IReadOnlyList<int> values, LabelTransform transform)
    {
        if (transform.Is(LabelTransform.None) && values is [0, LabelMap.Ignore])
        {
            return "all label maps have the values 0 and 255 alone: 255 is ignored, so that there is nothing to tell apart; "
                + "if they are masks of two classes, store 1 instead of 255";
        }
        if (transform.Is(LabelTransform.Cityscapes) && values.Any(value => value <= LastTrainId)
            && values.All(value => value is <= LastTrainId or LabelMap.Ignore))
        {
            return $"no value above {LastTrainId} but 255 occurs, so these are trainIds and no labelIds; "
                + "choose the label transform none (identity), or use the *_labelIds.png files";
        }
        if (values.Count > 0 && values.All(value => transform[(byte)value] == LabelMap.Ignore))
            return "every pixel of every label map is ignored, so that nothing is left; choose another label transform or check the files";
        return null;
    }

    /// <summary>What may be wrong; null if nothing looks like it.</summary>
    /// <param name="values">The values that occur, ascending.</param>
    /// <param name="transform">What they are read with.</param>
    /// <param name="classes">The number of classes.</param>
    public static string? Doubt(IReadOnlyList<int> values, LabelTransform transform, int classes)
    {
        if (transform.Is(LabelTransform.None) && values is [1, ..])
            return $"value 0 never occurs; if classes are counted from 1, choose the label transform {LabelTransform.ReducedChoice}";
        if (transform.Is(LabelTransform.ReduceZeroLabel) && values.Contains(0) && !values.Contains(classes))
            return $"value 0 is ignored and value {classes}, the last class, never occurs; " +
                "if 0 is a class, choose the label transform none (identity)";
        return null;
    }
}
