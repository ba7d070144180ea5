using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>A network that takes pictures and gives scores, whatever it calls them.</summary>
internal sealed class PictureNetwork
{
    private readonly Network _network;
    private readonly string _input;
    private readonly string _output;

    /// <exception cref="ShapeException">It takes or gives something else, or more than that.</exception>
    public PictureNetwork(Network network, PictureConventions conventions)
    {
        (_network, Conventions) = (network, conventions);
        if (network.Outputs.Count != 1)
            throw new ShapeException(
                $"the network gives {string.Join(", ", network.Outputs.Keys)}; " +
                "make one that gives the scores of the classes alone, by naming that output when it is made");
        if (network.Inputs.Count != 1)
            throw new ShapeException($"the network takes {string.Join(", ", network.Inputs.Keys)}; a picture is one input");
        ((_input, Value input), (_output, Value output)) = (network.Inputs.Single(), network.Outputs.Single());
        if (input.Channels != 3)
            throw new ShapeException($"input '{_input}' has {input.Channels} channels; a picture has 3: red, green, blue");
        if (output.Channels > 256)
            throw new ShapeException($"output '{_output}' has {output.Channels} channels; a label map tells 1 to 256 classes apart");
        Classes = output.Channels;
    }

    public PictureConventions Conventions { get; }

    public Device Device => _network.Device;

    public int Classes { get; }

    /// <summary>The plan for pictures N,3,H,W. The caller holds the device's lock until it is done with it.</summary>
    public Plan PlanFor(Shape pictures) => _network.PlanFor((_input, pictures));

    /// <summary>Where a plan takes pictures.</summary>
    public Tensor Pictures(Plan plan) => plan[_input];

    /// <summary>Where a plan leaves the scores.</summary>
    public Tensor Scores(Plan plan) => plan[_output];

    /// <summary>Says that the last plan is not in use any more.</summary>
    public void Return() => _network.Return();
}
