using SpGpu.Gpu;

namespace SpGpu.Layers.Passes;

/// <summary>What turns a graph into the operators of an inference plan.</summary>
internal static class InferencePasses
{
    /// <summary>The nodes that the outputs need, merged as far as the operators' epilogues and loads allow.</summary>
    public static NodeList Run(Graph graph, IEnumerable<Value> outputs)
    {
        NodeList list = Simplify(graph, outputs);
        ExpandOnLoad(list);
        FuseEpilogues(list);
        return list;
    }

    /// <summary>
    /// The nodes that the outputs need, without dropout and with batch norms folded into convolutions: what an engine
    /// wants that merges operators in its own way.
    /// </summary>
    public static NodeList Simplify(Graph graph, IEnumerable<Value> outputs)
    {
        var list = new NodeList(graph.Nodes, outputs);
        RemoveDropout(list);
        RemoveUnused(list);
        FoldBatchNorms(list);
        return list;
    }

    /// <summary>Takes dropouts out: what reads one reads its input.</summary>
    public static void RemoveDropout(NodeList list)
    {
        foreach (Node node in list.Nodes.ToArray())
        {
            if (node.Specification is not Dropout2d)
                continue;
            // Looked up anew: an earlier round may have replaced the node's input.
            Node current = list.Producer(node.Outputs[0])!;
            list.Nodes.Remove(current);
            list.Replace(current.Outputs[0], current.Inputs[0]);
        }
    }

    /// <summary>Takes out the nodes that no output needs.</summary>
    public static void RemoveUnused(NodeList list)
    {
        var needed = new HashSet<Value>(list.Outputs);
        for (int i = list.Nodes.Count - 1; i >= 0; i--)
        {
            Node node = list.Nodes[i];
            if (!node.Outputs.Any(needed.Contains))
            {
                list.Nodes.RemoveAt(i);
                continue;
            }
            needed.UnionWith(node.Inputs);
            if (node.SizeOf is not null)
                needed.Add(node.SizeOf);
        }
    }

    private static void FoldBatchNorms(NodeList list)
    {
        foreach (Node norm in list.Nodes.ToArray())
        {
            if (norm.Specification is BatchNorm
                && list
                    .SoleProducer(norm.Inputs[0]) is { Specification: Convolution, Parameters: { BatchNorm: null } parameters } convolution)
            {
                list.Merge(convolution, norm, convolution with { Parameters = parameters with { BatchNorm = norm.Parameters!.BatchNorm } });
            }
        }
    }

    /// <summary>Convolutions make relu(expand(a) + expand(b)) while they load.</summary>
    private static void ExpandOnLoad(NodeList list)
    {
        foreach (Node node in list.Nodes.ToArray())
        {
            if (node.Specification is Convolution { ExpandAddRelu: false, Groups: 1 } convolution
                && list.SoleProducer(node.Inputs[0]) is { Specification: ExpandAdd { Relu: true } } expand)
            {
                list.Merge(expand, node, node with
                {
                    Specification = convolution with { ExpandAddRelu = true },
                    Inputs = [.. expand.Inputs, .. node.Inputs[1..]],
                });
            }
        }
    }

    /// <summary>Residual, relu or sigmoid, and multiply move into the convolution before them, in that order.</summary>
    private static void FuseEpilogues(NodeList list)
    {
        foreach (Node original in list.Nodes.ToArray())
        {
            if (original.Specification is not Pointwise { Kind: not PointwiseKind.Copy } pointwise)
                continue;
            foreach (Value input in original.Inputs)
            {
                if (list.SoleProducer(input) is { Specification: Convolution convolution } producer
                    && Extend(convolution.Epilogue, pointwise.Kind) is { } epilogue)
                {
                    list.Merge(producer, original, producer with
                    {
                        Specification = convolution with { Epilogue = epilogue },
                        Inputs = [.. producer.Inputs, .. original.Inputs.Where(other => other != input)],
                    });
                    break;
                }
            }
        }
    }

    /// <summary>The epilogue with one more step; null where the step cannot come after those there are.</summary>
    private static Epilogue? Extend(Epilogue epilogue, PointwiseKind kind) => kind switch
    {
        PointwiseKind.Add when epilogue == Epilogue.None => Epilogue.Residual,
        PointwiseKind.Relu when (epilogue | Epilogue.Residual) == Epilogue.Residual => epilogue | Epilogue.Relu,
        PointwiseKind.Sigmoid when (epilogue | Epilogue.Residual) == Epilogue.Residual => epilogue | Epilogue.Sigmoid,
        PointwiseKind.Multiply when !epilogue.HasFlag(Epilogue.Multiply) => epilogue | Epilogue.Multiply,
        _ => null,
    };
}
