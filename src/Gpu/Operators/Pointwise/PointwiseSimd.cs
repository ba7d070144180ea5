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
}
