using System.Globalization;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Finds all tensors within a pickled value, each with the first way to it. What is reached in several ways is
/// entered once, so that neither cycles nor values shared many times over keep it busy.
/// </summary>
internal sealed class TensorPaths(ByteSource source)
{
    private const int MaxDepth = 64, MaxPath = 1024;

    private readonly HashSet<object> _entered = new(ReferenceEqualityComparer.Instance);
    private readonly List<KeyValuePair<string, TorchTensor>> _found = [];

    public List<KeyValuePair<string, TorchTensor>> Find(object? root)
    {
        Visit(root, "", 0);
        return _found;
    }

    private void Visit(object? value, string path, int depth)
    {
        if (depth > MaxDepth || path.Length > MaxPath)
            throw source.Refused(
                $"it has a tensor, list or dictionary too deep within others ({Quoted.Text(path)})", TorchGlobals.Remedy);
        switch (value)
        {
            case TorchTensor tensor when _entered.Add(tensor):
                _found.Add(new(path, tensor));
                break;
            case PickleDict dict when _entered.Add(dict):
                foreach ((object key, object? item) in dict.Entries)
                    Enter(item, path, string.Create(CultureInfo.InvariantCulture, $"{key}"), depth);
                break;
            case PickleList list when _entered.Add(list):
                for (int i = 0; i < list.Items.Count; i++)
                    Enter(list.Items[i], path, i.ToString(CultureInfo.InvariantCulture), depth);
                break;
            case PickleTuple tuple when _entered.Add(tuple):
                for (int i = 0; i < tuple.Items.Length; i++)
                    Enter(tuple.Items[i], path, i.ToString(CultureInfo.InvariantCulture), depth);
                break;
        }
    }

    private void Enter(object? item, string path, string key, int depth)
    {
        if (item is TorchTensor or PickleContainer)
            Visit(item, path.Length == 0 ? key : $"{path}/{key}", depth + 1);
    }
}
