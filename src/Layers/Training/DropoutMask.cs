using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// Draws the mask of a dropout with a counter-based generator: element (n, c) depends on the seed, the batch, the layer,
/// n and c alone, so it is the same on every device. Of processes that share a batch each counts images from its own first one.
/// </summary>
internal sealed class DropoutMask(double probability, int seed, int layer, Tensor tensor, int rank = 0)
{
    private readonly float[] _values = new float[tensor.Shape.Count];
    private readonly float _kept = (float)(1 / (1 - probability));

    /// <summary>Draws the mask for batch number <paramref name="batch"/> and puts it on the device.</summary>
    public void Draw(long batch)
    {
        ulong key = SplitMix64.Mix((ulong)(uint)seed + SplitMix64.Step);
        key = SplitMix64.Mix(key ^ (ulong)batch);
        key = SplitMix64.Mix(key ^ (ulong)layer);
        ulong first = (ulong)rank * (ulong)_values.Length;
        for (int i = 0; i < _values.Length; i++)
            _values[i] = SplitMix64.ToUnit(SplitMix64.Mix(key + (first + (ulong)i + 1) * SplitMix64.Step)) < probability ? 0 : _kept;
        tensor.Upload<float>(_values);
    }
}
