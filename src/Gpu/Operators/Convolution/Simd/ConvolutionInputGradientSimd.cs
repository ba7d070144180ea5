namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient by the input as convolutions of dy with parts of the filter: one at stride 1, one for each
/// combination of row and column modulo the stride otherwise, so that nothing is multiplied by a zero between the
/// elements of dy. The parts' results are then interleaved.
/// </summary>
internal sealed unsafe class ConvolutionInputGradientSimd : SimdOperation
{
    private readonly Workspace _workspace;
    private readonly Size2D _stride;
    private readonly InputGradientPart[] _parts;
    private readonly int _taken;
    private readonly int _algorithmPhases;
    private readonly bool _isWhole;
    private readonly string _name;

    public ConvolutionInputGradientSimd(SimdDevice device, ConvolutionInputGradient gradient, ReadOnlySpan<Shape> inputs)
        : base(device.Team)
    {
        _name = gradient.Name;
        _workspace = device.Workspace;
        _stride = gradient.Forward.Stride;
        _isWhole = _stride == 1;
        Shape dx = gradient.Infer(inputs)[0];
        var parts = new List<InputGradientPart>();
        for (int row = 0; row < Math.Min(_stride.Height, dx.H); row++)
        {
            for (int column = 0; column < Math.Min(_stride.Width, dx.W); column++)
            {
                var part = new InputGradientPart(device, gradient.Forward, inputs[0], dx, row, column, _taken);
                _taken = checked(_taken + part.FilterLength + (_isWhole || part.IsEmpty ? 0 : (int)part.Output.Count));
                parts.Add(part);
            }
        }
        _parts = [.. parts];
        // Algorithms begin on whole cache lines.
        _taken = checked((_taken + 15) / 16 * 16);
        _algorithmPhases = _parts[0].Algorithm?.Phases ?? 1;
        _workspace.Reserve(_taken + (_parts[0].Algorithm?.WorkspaceLength ?? 0));
    }

    public override string Variant => ConvolutionAlgorithm.VariantOf(_name, _parts[0].Algorithm);

    /// <summary>Pack, convolve, interleave.</summary>
    protected override int Phases => 1 + _algorithmPhases + (_isWhole ? 0 : 1);

    public override void Execute(int worker, int workers)
    {
        float* workspace = SimdMemory.Floats(_workspace);
        if (Phase == 0)
        {
            foreach (InputGradientPart part in _parts)
                part.Pack(Input(1), workspace, worker, workers);
        }
        else if (Phase <= _algorithmPhases)
        {
            foreach (InputGradientPart part in _parts)
                part.Run(Input(0), _workspace, _taken, _isWhole ? Output(0) : part.Result(workspace), Phase - 1, worker, workers);
        }
        else
            Interleave(workspace, worker, workers);
    }

    private void Interleave(float* workspace, int worker, int workers)
    {
        View dx = Output(0);
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            for (int y = 0; y < dx.Shape.H; y++)
                InterleaveRow(workspace, plane, y, dx.Plane(plane) + (long)y * dx.Shape.W, dx.Shape.W);
        }
    }

    private void InterleaveRow(float* workspace, int plane, int y, float* target, int width)
    {
        int across = Math.Min(_stride.Width, width);
        int i = y / _stride.Height;
        ReadOnlySpan<InputGradientPart> parts = _parts.AsSpan((y - i * _stride.Height) * across, across);
        if (across == 2 && !parts[0].IsEmpty && !parts[1].IsEmpty)
        {
            float* left = parts[0].Row(workspace, plane, i);
            Lanes.Zip(left, parts[1].Row(workspace, plane, i), target, width / 2);
            if (width % 2 != 0)
                target[width - 1] = left[width / 2];
            return;
        }
        new Span<float>(target, width).Clear();
        for (int column = 0; column < across; column++)
        {
            if (parts[column].IsEmpty)
                continue;
            float* source = parts[column].Row(workspace, plane, i);
            for (int j = 0; j < parts[column].Output.W; j++)
                target[column + j * _stride.Width] = source[j];
        }
    }
}
