using SpGpu.Data.Datasets;
using SpGpu.Layers;

namespace SpGpu.Training;

/// <summary>What the loop needs of a network that learns: <see cref="DeviceTrainer"/>, or a stand-in in tests.</summary>
internal interface ITrainer : IDisposable
{
    /// <summary>Steps so far.</summary>
    long Step { get; set; }

    /// <summary>Forward and backward for a batch; the gradients of the batches of a step are averaged.</summary>
    /// <param name="batch">The pictures.</param>
    /// <param name="losses">One value for each term of the recipe.</param>
    void Accumulate(Batch batch, Span<LossValue> losses);

    /// <summary>The class of every pixel of the last batch that was accumulated; read before anything is evaluated.</summary>
    void ReadPredictions(Span<byte> classes);

    /// <summary>
    /// The network's own loss of a batch and the class of every pixel, with running statistics and without dropout, of the
    /// average where one is kept; nothing changes.
    /// </summary>
    LossValue Evaluate(Batch batch, Span<byte> classes);

    /// <summary>Changes the weights by the gradients, with a rate for each group, and forgets the gradients.</summary>
    void Update(ReadOnlySpan<float> rates);

    /// <summary>Gives all processes that train together the running statistics of the first, where each has its own.</summary>
    void ShareStatistics();

    /// <summary>Parameters and running statistics.</summary>
    StateDict State();

    /// <summary>The average of parameters and running statistics; null where none is kept.</summary>
    StateDict? Average();

    /// <summary>The momenta by the names of their parameters.</summary>
    StateDict Momenta();

    /// <summary>
    /// Goes back to what <see cref="State"/>, <see cref="Momenta"/> and <see cref="Average"/> gave; an average that is kept
    /// and was not given starts as the parameters are.
    /// </summary>
    void Restore(StateDict state, StateDict momenta, StateDict? average);
}
