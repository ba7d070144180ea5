using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>What a <see cref="TrainingNetwork"/> minimises, and how.</summary>
public sealed record TrainingOptions
{
    /// <summary>The losses, at least one.</summary>
    public required IReadOnlyList<LossTerm> Losses { get; init; }

    /// <summary>The label of pixels that do not count.</summary>
    public byte Ignored { get; init; } = 255;

    /// <summary>How logits are resized to the labels' size: as the network's own results are.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.CornerAligned;

    /// <summary>A factor for the pixels of each class; null weighs all alike.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Online hard example mining; null lets every pixel count.</summary>
    public HardExamples? Mining { get; init; }

    /// <summary>
    /// The group of a parameter, from 0 and below <see cref="Groups"/>: each has a learning rate of its own.
    /// </summary>
    public Func<string, int> GroupOf { get; init; } = _ => 0;

    /// <summary>The number of groups.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Adam, with these constants; null takes SGD with <see cref="Momentum"/>.</summary>
    public AdamOptions? Adam { get; init; }

    /// <summary>The momentum of SGD.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>The weight decay, of all parameters: it is added to their gradients.</summary>
    public float WeightDecay { get; init; } = 1e-4f;

    /// <summary>
    /// What a step leaves of the average of parameters and running statistics, from 0 and below 1, as 0.999: the average is
    /// what is evaluated. 0 keeps none.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Batches whose gradients are averaged before a step, at least 1.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Whether batch norms use their running statistics as constants, for small batches.</summary>
    public bool FrozenStatistics { get; init; }

    /// <summary>
    /// Whether the activations between the outputs of the graph (the stages of a backbone) are computed a second time
    /// for the backward pass instead of kept: less memory, about a third more work, the same bits.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>
    /// The processes that train the network together, each with a part of every batch, parts of equal size: losses are those of the
    /// whole batch and gradients are added up before a step, so that all have the same weights. Null trains alone.
    /// </summary>
    public IProcessGroup? Group { get; init; }

    /// <summary>
    /// Whether batch norms take their statistics over the parts of all processes of <see cref="Group"/>, as one process does that has
    /// the whole batch; otherwise each over its own.
    /// </summary>
    public bool SharedStatistics { get; init; } = true;

    /// <summary>Chooses the dropout masks, with the step, the layer, the image and the channel.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// What PyTorch calls the moments of a parameter that the optimiser keeps, to be put behind its name; the momentum of
    /// SGD has the name of the parameter.
    /// </summary>
    internal IReadOnlyList<string> Moments => Adam is null ? [""] : [".exp_avg", SecondMoment];

    /// <summary>The moment that is never negative.</summary>
    internal const string SecondMoment = ".exp_avg_sq";

    /// <summary>Throws unless the values make sense for a graph.</summary>
    /// <exception cref="ConfigurationException">The message says which does not.</exception>
    internal void Check(Graph graph)
    {
        if (Losses.Count == 0)
            throw new ConfigurationException("training needs at least one loss");
        if (AccumulationSteps < 1)
            throw new ConfigurationException($"{AccumulationSteps} accumulation steps; give 1 or more");
        if (Groups < 1)
            throw new ConfigurationException($"{Groups} groups of parameters; give 1 or more");
        if (!(AverageDecay is >= 0 and < 1))
            throw new ConfigurationException(
                FormattableString.Invariant($"an average that keeps {AverageDecay} of itself; give a number from 0 and below 1"));
        Adam?.Check();
        if (graph.Inputs.Count != 1)
            throw new ConfigurationException($"training takes a graph with one input, this one has {graph.Inputs.Count}");
        foreach (LossTerm loss in Losses)
        {
            if (!graph.Outputs.TryGetValue(loss.Output, out Value? output))
                throw new ConfigurationException(
                    $"the graph has no output '{loss.Output}' to take a loss of; it has {string.Join(", ", graph.Outputs.Keys)}");
            if (ClassWeights is { } weights && weights.Count != output.Channels)
                throw new ConfigurationException(
                    $"{weights.Count} class weights for the {output.Channels} classes of '{loss.Output}'; give one a class");
        }
    }
}
