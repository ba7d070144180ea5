namespace SpGpu.Gpu.Simd;

/// <summary>What a <see cref="ConvolutionAlgorithm"/> reads and writes in one run.</summary>
internal unsafe struct ConvolutionOperands
{
    /// <summary>The filter, in the layout of <see cref="ConvolutionFilter"/>.</summary>
    public float* Filter;

    /// <summary>One value an output channel, or null.</summary>
    public float* Bias;

    /// <summary>The input; with expand-add-relu, the column tensor.</summary>
    public View Source;

    /// <summary>With expand-add-relu, the row tensor.</summary>
    public View RowSource;

    /// <summary>What the epilogue adds.</summary>
    public View Residual;

    /// <summary>What the epilogue multiplies by.</summary>
    public View Factor;

    /// <summary>The output.</summary>
    public View Output;

    /// <summary>Where intermediate results lie, on whole cache lines.</summary>
    public float* Workspace;

    /// <summary>Elements there, at least <see cref="ConvolutionAlgorithm.WorkspaceLength"/>.</summary>
    public long WorkspaceLength;

    /// <summary>Lets an algorithm work behind the first <paramref name="taken"/> elements of the workspace.</summary>
    public void UseWorkspace(Workspace workspace, long taken)
    {
        Workspace = SimdMemory.Floats(workspace) + taken;
        WorkspaceLength = workspace.Memory.Length - taken;
    }

    /// <summary>Those of a convolution with a packed filter, its inputs in the order of <see cref="Convolution"/>.</summary>
    public static ConvolutionOperands Of(Convolution convolution, ConvolutionSimdWeights weights, ReadOnlySpan<View> inputs, View output)
    {
        int next = convolution.SourceInputs;
        return new ConvolutionOperands
        {
            Filter = weights.Filter,
            Bias = weights.Bias,
            Source = inputs[0],
            RowSource = convolution.ExpandAddRelu ? inputs[1] : default,
            Residual = (convolution.Epilogue & Epilogue.Residual) != 0 ? inputs[next++] : default,
            Factor = (convolution.Epilogue & Epilogue.Multiply) != 0 ? inputs[next] : default,
            Output = output,
        };
    }
}
