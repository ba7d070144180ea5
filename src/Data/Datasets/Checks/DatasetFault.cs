namespace SpGpu.Data.Datasets.Checks;

/// <summary>What can be wrong with a dataset.</summary>
public enum DatasetFault
{
    /// <summary>A picture or its labels are missing, or a line of a list cannot be read.</summary>
    Missing,

    /// <summary>A file cannot be read.</summary>
    Unreadable,

    /// <summary>A picture and its labels have different sizes.</summary>
    Size,

    /// <summary>A label map has values that are of no class.</summary>
    Value,

    /// <summary>All values are allowed, but together they look like labels of another kind.</summary>
    Kind,
}
