using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A depthwise convolution, or its gradient by the input; a worker takes whole planes of the output.</summary>
internal sealed unsafe class DepthwiseSimd : SimdOperation
{
    private readonly string _name;
    private readonly DepthwiseGeometry _geometry;
    private readonly DepthwiseLines _lines;
    private readonly DepthwiseWeights? _weights;
    private readonly bool _hasBias;
    private readonly Epilogue _epilogue;
    private readonly WorkerBuffers _turned;
    private readonly bool _isThree;
    private readonly DepthwiseFlat? _flat;

    public DepthwiseSimd(Team team, Convolution convolution, ReadOnlySpan<Shape> inputs, DepthwiseWeights weights)
        : this(team, convolution.Name, DepthwiseGeometry.Of(convolution), inputs[0], convolution.Infer(inputs)[0])
    {
        _weights = weights;
        _hasBias = true;
        _epilogue = convolution.Epilogue;
    }

    public DepthwiseSimd(Team team, TrainableConvolution convolution, ReadOnlySpan<Shape> inputs)
        : this(team, convolution.Name, DepthwiseGeometry.Of(convolution.Forward), inputs[0], convolution.Infer(inputs)[0]) =>
        _hasBias = convolution.HasBias;

    public DepthwiseSimd(Team team, ConvolutionInputGradient gradient, ReadOnlySpan<Shape> inputs)
        : this(team, gradient.Name, DepthwiseGeometry.OfInputGradient(gradient.Forward), inputs[0], gradient.Infer(inputs)[0])
    {
    }

    private DepthwiseSimd(Team team, string name, DepthwiseGeometry geometry, Shape source, Shape output) : base(team)
    {
        _name = name;
        _geometry = geometry;
        // The last vector of a row overlaps the one before, which must hold no sum that there was.
        _isThree = geometry.Kernel == 3 && output.W >= Vector<float>.Count && geometry.Terms == 1;
        _flat = DepthwiseFlat.Of(team, geometry, output);
        _lines = new DepthwiseLines(team, geometry, source, output.W);
        _turned = new WorkerBuffers(team, geometry.Kernel.Height * geometry.Kernel.Width);
    }

    public override string Variant => $"{_name} depthwise simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0), y = Output(0);
        float* filter = _weights is null ? Input(1).Floats : SimdMemory.Floats(_weights.Filter);
        int step = _weights is null && Input(1).Shape.N > 1 ? Input(1).BatchStride : Taps;
        float* biases = !_hasBias ? null : _weights is null ? Input(2).Floats : SimdMemory.Floats(_weights.Bias);
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            int n = plane / y.Shape.C;
            int channel = plane - n * y.Shape.C;
            for (int term = 0; term < _geometry.Terms; term++)
            {
                float* source = x.Plane(n, channel / _geometry.Outputs * _geometry.Terms + term);
                float* taps = Filter(filter + (long)(channel * _geometry.Terms + term) * step, worker);
                Plane(worker, source, taps, biases is null ? 0 : biases[channel], term > 0, n, channel);
            }
        }
    }

    private int Taps => _geometry.Kernel.Height * _geometry.Kernel.Width;

    /// <summary>The taps in the order in which they are met.</summary>
    private float* Filter(float* filter, int worker)
    {
        if (!_geometry.IsTurned)
            return filter;
        for (int tap = 0; tap < Taps; tap++)
            _turned[worker][tap] = filter[Taps - 1 - tap];
        return _turned[worker];
    }

    private void Plane(int worker, float* source, float* filter, float bias, bool adds, int n, int channel)
    {
        Shape output = Output(0).Shape;
        float* target = Output(0).Plane(n, channel);
        if (_flat is not null)
        {
            _flat.Run(worker, source, filter, bias, _epilogue == Epilogue.Relu, target);
            if (_epilogue is not Epilogue.None and not Epilogue.Relu)
                Finish(n, channel, 0, output.Plane);
            return;
        }
        int height = _geometry.Kernel.Height;
        _lines.Begin(worker);
        for (int i = 0; i < output.H; i++, target += output.W)
        {
            float** rows = _lines.Rows(worker, source, i);
            if (_isThree)
                DepthwiseRows.Three(rows, _lines.Starts, filter, bias, target, output.W);
            else
                DepthwiseRows.Any(rows, _lines.Starts, filter, height, bias, adds, target, output.W);
            if (_epilogue != Epilogue.None)
                Finish(n, channel, i * output.W, output.W);
        }
    }

    /// <summary>The epilogue on elements of a plane.</summary>
    private void Finish(int n, int channel, int first, int count)
    {
        int next = 1;
        float* residual = (_epilogue & Epilogue.Residual) != 0 ? Input(next++).Plane(n, channel) + first : null;
        float* factor = (_epilogue & Epilogue.Multiply) != 0 ? Input(next).Plane(n, channel) + first : null;
        DepthwiseRows.Finish(_epilogue, Output(0).Plane(n, channel) + first, residual, factor, count);
    }
}
