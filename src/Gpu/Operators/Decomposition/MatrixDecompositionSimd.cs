using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The steps of a matrix decomposition, each in four phases: products of the bases, coefficients (a vector of pixels an item),
/// products of the coefficients, bases (a channel an item). In the gradient dy, the first of two inputs, stands for x in the last
/// improvement of the coefficients.
/// </summary>
internal sealed unsafe class MatrixDecompositionSimd : SimdOperation
{
    private readonly MatrixDecomposition _decomposition;
    private readonly string _name;
    private readonly int _x;
    private readonly Workspace _workspace;
    private readonly WorkerBuffers _buffers;
    private readonly DecompositionLayout _layout;
    private readonly float[] _bases;

    public MatrixDecompositionSimd(Team team, Workspace workspace, MatrixDecomposition decomposition, string name, Shape input) : base(team)
    {
        (_decomposition, _workspace, _name) = (decomposition, workspace, name);
        _x = name == decomposition.Name ? 0 : 1;
        _layout = new DecompositionLayout(input, decomposition.Rank);
        _bases = decomposition.Bases(input.C);
        _buffers = new WorkerBuffers(team, decomposition.Rank * Vector<float>.Count);
        workspace.Reserve(_layout.Stride * input.N);
    }

    public override string Variant => $"{_name} simd";

    protected override int Phases => 2 + 4 * _decomposition.Steps + 3;

    public override void Execute(int worker, int workers)
    {
        Part part = Phase < 2 ? (Part)Phase : Phase == Phases - 1 ? Part.Product : Part.BasesGram + ((Phase - 2) & 3);
        Shape x = Input(_x).Shape;
        int items = part switch
        {
            Part.Start or Part.BasesGram or Part.CoefficientsGram => _layout.Rank,
            Part.First or Part.Coefficients => (x.Plane + Vector<float>.Count - 1) / Vector<float>.Count,
            _ => x.C,
        };
        (int first, int last) = Share(x.N * items, worker, workers);
        for (int item = first; item < last; item++)
            Execute(part, item / items, item % items, _buffers[worker]);
    }

    private void Execute(Part part, int n, int i, float* buffer)
    {
        float* memory = SimdMemory.Floats(_workspace) + n * _layout.Stride;
        float* bases = memory + _layout.Bases(0), coefficients = memory + _layout.Coefficients(0), gram = memory + _layout.Gram;
        switch (part)
        {
            case Part.Start:
                for (int c = 0; c < _layout.Channels; c++)
                    bases[i * _layout.Channels + c] = _bases[c * _layout.Rank + i];
                break;
            case Part.First:
                First(n, i * Vector<float>.Count, bases, coefficients, buffer);
                break;
            case Part.BasesGram:
                RowProducts.Of(bases + i * _layout.Channels, bases, _layout.Rank, _layout.Channels, gram + i * _layout.Rank);
                break;
            case Part.Coefficients:
                Improve(n, i * Vector<float>.Count, bases, coefficients, gram, buffer);
                break;
            case Part.CoefficientsGram:
                RowProducts.Of(coefficients + i * _layout.Pixels, coefficients, _layout.Rank, _layout.Pixels, gram + i * _layout.Rank);
                break;
            case Part.Bases:
                Improve(n, i, bases, coefficients, gram, buffer, _layout.Channels);
                break;
            default:
                Multiply(n, i, bases, coefficients);
                break;
        }
    }

    /// <summary>The first coefficients of a vector of pixels.</summary>
    private void First(int n, int pixel, float* bases, float* coefficients, float* buffer)
    {
        Similarities(Input(_x).Plane(n, 0), pixel, bases, buffer);
        int count = Math.Min(Vector<float>.Count, _layout.Pixels - pixel);
        SoftmaxSimd.Normalize(buffer, Vector<float>.Count, coefficients + pixel, _layout.Pixels, _layout.Rank, count);
    }

    /// <summary>The next coefficients of a vector of pixels.</summary>
    private void Improve(int n, int pixel, float* bases, float* coefficients, float* gram, float* buffer)
    {
        int count = _layout.Pixels - pixel;
        View x = Phase == Phases - 2 ? Input(0) : Input(_x);
        Similarities(x.Plane(n, 0), pixel, bases, buffer);
        for (int row = 0; row < _layout.Rank; row++)
        {
            var divisor = new Vector<float>(MatrixDecomposition.Epsilon);
            for (int other = 0; other < _layout.Rank; other++)
                divisor += SimdMath.Load(coefficients + other * _layout.Pixels + pixel, count) * gram[row * _layout.Rank + other];
            float* at = buffer + row * Vector<float>.Count;
            Vector<float> old = SimdMath.Load(coefficients + row * _layout.Pixels + pixel, count);
            Vector.Store(old * Vector.Load(at) / divisor, at);
        }
        for (int row = 0; row < _layout.Rank; row++)
            SimdMath.Store(Vector.Load(buffer + row * Vector<float>.Count), coefficients + row * _layout.Pixels + pixel, count);
    }

    /// <summary>The next bases of a channel.</summary>
    private void Improve(int n, int channel, float* bases, float* coefficients, float* gram, float* buffer, int channels)
    {
        RowProducts.Of(Input(_x).Plane(n, channel), coefficients, _layout.Rank, _layout.Pixels, buffer);
        for (int row = 0; row < _layout.Rank; row++)
        {
            float divisor = MatrixDecomposition.Epsilon;
            for (int other = 0; other < _layout.Rank; other++)
                divisor += bases[other * channels + channel] * gram[row * _layout.Rank + other];
            buffer[row] = bases[row * channels + channel] * buffer[row] / divisor;
        }
        for (int row = 0; row < _layout.Rank; row++)
            bases[row * channels + channel] = buffer[row];
    }

    /// <summary>The products of a vector of pixels with the bases, four of the rank at a time; the last ones may come twice.</summary>
    private void Similarities(float* x, int pixel, float* bases, float* products)
    {
        int channels = _layout.Channels, count = _layout.Pixels - pixel, most = _layout.Rank - 1;
        x += pixel;
        for (int row = 0; row <= most; row += 4)
        {
            int second = Math.Min(row + 1, most), third = Math.Min(row + 2, most), fourth = Math.Min(row + 3, most);
            float* a = bases + row * channels, b = bases + second * channels, c = bases + third * channels, d = bases + fourth * channels;
            Vector<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int channel = 0; channel < channels; channel++)
            {
                Vector<float> values = SimdMath.Load(x + (long)channel * _layout.Pixels, count);
                sumA += values * a[channel];
                sumB += values * b[channel];
                sumC += values * c[channel];
                sumD += values * d[channel];
            }
            Vector.Store(sumA, products + row * Vector<float>.Count);
            Vector.Store(sumB, products + second * Vector<float>.Count);
            Vector.Store(sumC, products + third * Vector<float>.Count);
            Vector.Store(sumD, products + fourth * Vector<float>.Count);
        }
    }

    /// <summary>A channel of the result.</summary>
    private void Multiply(int n, int channel, float* bases, float* coefficients)
    {
        float* y = Output(0).Plane(n, channel);
        for (int pixel = 0; pixel < _layout.Pixels; pixel += Vector<float>.Count)
        {
            Vector<float> sum = default;
            for (int row = 0; row < _layout.Rank; row++)
            {
                Vector<float> values = SimdMath.Load(coefficients + row * _layout.Pixels + pixel, _layout.Pixels - pixel);
                sum += values * bases[row * _layout.Channels + channel];
            }
            SimdMath.Store(sum, y + pixel, _layout.Pixels - pixel);
        }
    }

    /// <summary>What a phase does; the middle four are those of a step.</summary>
    private enum Part
    {
        Start,
        First,
        BasesGram,
        Coefficients,
        CoefficientsGram,
        Bases,
        Product,
    }
}
