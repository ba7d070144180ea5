using System.Globalization;
using System.Runtime.InteropServices;
using SpGpu.Layers;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Writes checkpoints as training scripts save them: state dicts under keys, with others beside them.</summary>
internal sealed class CheckpointBuilder
{
    private readonly PickleBuilder _pickle = PickleBuilder.Start().Op("}");
    private readonly List<(string Key, long Count, byte[] Data)> _storages = [];

    /// <summary>Adds a state dict under keys, one within the other; without any it lies at the top.</summary>
    public CheckpointBuilder Add(StateDict state, params string[] keys)
    {
        foreach (string key in keys)
            _pickle.Text(key).Op("}");
        foreach ((string name, HostTensor tensor) in state)
        {
            string storage = _storages.Count.ToString(CultureInfo.InvariantCulture);
            bool isFloat = tensor.Data is float[];
            _storages.Add(
                (storage, tensor.Count, isFloat
                    ? MemoryMarshal.AsBytes<float>(tensor.Floats).ToArray()
                    : MemoryMarshal.AsBytes<long>((long[])tensor.Data).ToArray()));
            long[] shape = [.. tensor.Shape];
            long[] strides = [.. shape.Select((_, axis) => shape[(axis + 1)..].Aggregate(1L, (product, extent) => product * extent))];
            _pickle.Text(name).Tensor(storage, tensor.Count, 0, shape, strides, isFloat ? "FloatStorage" : "LongStorage").Op("s");
        }
        _pickle.Op(new string('s', keys.Length));
        return this;
    }

    /// <summary>Adds what else is kept beside the weights.</summary>
    public CheckpointBuilder Add(string key, Action<PickleBuilder> value)
    {
        value(_pickle.Text(key));
        _pickle.Op("s");
        return this;
    }

    public byte[] Zip() => PickleBuilder.Zip(_pickle.Stop(), [.. _storages.Select(storage => (storage.Key, storage.Data))]);

    /// <summary>The same in the form from before PyTorch 1.6.</summary>
    public byte[] Legacy() => PickleBuilder.Legacy(_pickle.Stop(), [.. _storages]);

    /// <summary>The state dict with a prefix before every name.</summary>
    public static StateDict Prefixed(string prefix, StateDict state)
    {
        var prefixed = new StateDict();
        foreach ((string name, HostTensor tensor) in state)
            prefixed[prefix + name] = tensor;
        return prefixed;
    }
}
