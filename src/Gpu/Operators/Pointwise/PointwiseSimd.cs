using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Elementwise functions, a plane at a time.</summary>
internal sealed unsafe class PointwiseSimd(Team team, Pointwise pointwise) : SimdOperation(team)
{
    public override string Variant => $"{pointwise.Name} simd";

    public override void Execute(int worker, int workers)
    {
        switch (pointwise.Kind)
        {
            case PointwiseKind.Copy:
                Apply<Copy>(worker, workers);
                break;
            case PointwiseKind.Relu:
                Apply<Relu>(worker, workers);
                break;
            case PointwiseKind.Sigmoid:
                Apply<Sigmoid>(worker, workers);
                break;
            case PointwiseKind.Gelu:
                Apply<Gelu>(worker, workers);
                break;
            case PointwiseKind.Add:
                Apply<Add>(worker, workers);
                break;
            case PointwiseKind.Multiply:
                Apply<Multiply>(worker, workers);
                break;
            case PointwiseKind.ReluGradient:
                Apply<ReluGradient>(worker, workers);
                break;
            case PointwiseKind.SigmoidGradient:
                Apply<SigmoidGradient>(worker, workers);
                break;
            case PointwiseKind.GeluGradient:
                Apply<GeluGradient>(worker, workers);
                break;
            default:
                throw new InvalidOperationException($"the cpu has no pointwise function '{pointwise.Kind}'");
        }
    }

    private void Apply<T>(int worker, int workers)
        where T : struct, IFunction
    {
        View a = Input(0);
        View b = pointwise.IsBinary ? Input(1) : a;
        View y = Output(0);
        (int first, int last) = Share(a.Shape.N * a.Shape.C, worker, workers);
        int length = a.Shape.Plane;
        bool streams = Streaming.Pays(y);
        for (int plane = first; plane < last; plane++)
        {
            float* left = a.Plane(plane);
            float* right = b.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; streams && i < length; i += Vector<float>.Count)
                T.Apply(Vector.Load(left + i), Vector.Load(right + i)).StoreAlignedNonTemporal(target + i);
            for (int i = 0; !streams && i < length; i += Vector<float>.Count)
                SimdMath.Store(T.Apply(SimdMath.Load(left + i, length - i), SimdMath.Load(right + i, length - i)), target + i, length - i);
        }
        if (streams)
            Streaming.Finish();
    }

    private interface IFunction
    {
        static abstract Vector<float> Apply(Vector<float> a, Vector<float> b);
    }

    private readonly struct Copy : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a;
    }

    private readonly struct Relu : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => SimdMath.Relu(a);
    }

    private readonly struct Sigmoid : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => SimdMath.Sigmoid(a);
    }

    private readonly struct Gelu : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a * Below(a, Power(a));
    }

    private readonly struct Add : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a + b;
    }

    private readonly struct Multiply : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a * b;
    }

    private readonly struct ReluGradient : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) =>
            Vector.ConditionalSelect(Vector.GreaterThan(b, Vector<float>.Zero), a, Vector<float>.Zero);
    }

    private readonly struct SigmoidGradient : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a * b * (Vector<float>.One - b);
    }

    private readonly struct GeluGradient : IFunction
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b)
        {
            Vector<float> power = Power(b);
            return a * (Below(b, power) + b * power * new Vector<float>(GeluTerms.Density));
        }
    }

    /// <summary>e^(-x^2 / 2).</summary>
    private static Vector<float> Power(Vector<float> x) => SimdMath.Exp(new Vector<float>(-0.5f) * x * x);

    /// <summary>The share of a standard normal distribution below x; see <see cref="GeluTerms"/>.</summary>
    private static Vector<float> Below(Vector<float> x, Vector<float> power)
    {
        Vector<float> t = Vector<float>.One / (Vector<float>.One + new Vector<float>(GeluTerms.Slope) * Vector.Abs(x));
        Vector<float> sum = new Vector<float>(GeluTerms.Fourth) + t * new Vector<float>(GeluTerms.Fifth);
        sum = new Vector<float>(GeluTerms.Second) + t * (new Vector<float>(GeluTerms.Third) + t * sum);
        Vector<float> beyond = t * (new Vector<float>(GeluTerms.First) + t * sum) * power;
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), beyond, Vector<float>.One - beyond);
    }
}
