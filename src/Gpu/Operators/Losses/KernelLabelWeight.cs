using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>What a pixel counts in a loss by its label: the class's weight, or one; zero where it does not count.</summary>
internal readonly struct KernelLabelWeight(CrossEntropy loss, int classes)
{
    private readonly int _classes = classes;
    private readonly int _ignored = loss.Ignored;
    private readonly int _weighted = loss.Weighted ? 1 : 0;

    /// <summary>The weight of a label; class weights, if there are some, start at <paramref name="first"/>.</summary>
    public float Of(int label, ArrayView<float> weights, int first)
    {
        if (label == _ignored || label >= _classes)
            return 0f;
        return _weighted != 0 ? weights[first + label] : 1f;
    }
}
