namespace SpGpu.Onnx;

/// <summary>What an ONNX file says about its network besides the operators.</summary>
public sealed record OnnxOptions
{
    /// <summary>
    /// The outputs of the graph that the file has, and what they are called there; none means all, by their own names.
    /// What they do not need is left out.
    /// </summary>
    public IReadOnlyList<(string Output, string Name)> Outputs { get; init; } = [];

    /// <summary>The name of the network.</summary>
    public string Name { get; init; } = "network";

    /// <summary>What the network does, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>What an input or output holds, by its name in the file.</summary>
    public IReadOnlyDictionary<string, string> ValueDescriptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Keys and values for programs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
