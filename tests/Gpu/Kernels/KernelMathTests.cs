using ILGPU;
using ILGPU.Runtime;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>
/// The functions of <see cref="KernelMath"/> on each backend that this machine can run, with values that compilers get
/// wrong.
/// </summary>
public sealed class KernelMathTests
{
    private static readonly float[] _values =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 3f, 20f, -20f, 88f, -88f, 104f, -104f, 1e-30f, -1e-30f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, -float.NaN, 1e-45f, -17.25f, 1.1f, 3.3e5f,
    ];

    [Fact]
    public void On_the_processor() => Check("ilgpu-cpu");

    [Fact]
    public void On_pocl() => Check(TestDevice.OpenClOrSkip());

    [Fact]
    public void On_cuda()
    {
        Assert.SkipUnless(Device.List().Any(device => device.Name == "cuda:0"), "there is no CUDA device");
        Check("cuda:0");
    }

    private static void Check(string name)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed(name);
        float[] exp = Run(device, Exp);
        float[] log = Run(device, LogOfMore);
        float[] sigmoid = Run(device, Sigmoid);
        float[] root = Run(device, Sqrt);
        float[] relu = Run(device, Relu);
        float[] nan = Run(device, IsNaN);
        float[] finite = Run(device, IsFinite);
        float[] larger = Run(device, MaxWithOne);
        float[] largerThanNaN = Run(device, MaxWithNaN);
        float[] remainder = Run(device, RemainderOfSquare);
        for (int i = 0; i < _values.Length; i++)
        {
            float x = _values[i];
            Near(Math.Exp(x), exp[i]);
            // Near 1 the error is one of the number, not of its logarithm.
            Near(1 + Math.Log(1 + Math.Abs((double)x)), 1 + log[i]);
            Near(1 / (1 + Math.Exp(-(double)x)), sigmoid[i]);
            Near(Math.Sqrt(x), root[i]);
            Assert.Equal(float.IsNaN(x) ? float.NaN : Math.Max(x, 0f), relu[i]);
            Assert.Equal(float.IsNaN(x) ? 1f : 0f, nan[i]);
            Assert.Equal(float.IsFinite(x) ? 1f : 0f, finite[i]);
            Assert.Equal(MathF.Max(x, 1f), larger[i]);
            Assert.Equal(float.NaN, largerThanNaN[i]);
            // What rounding took off the square: 0 unless the product was kept whole.
            Assert.Equal(MathF.FusedMultiplyAdd(x, x, -(x * x)), remainder[i]);
        }
    }

    private static void Near(double expected, float found)
    {
        if ((float)expected is float.NaN or float.PositiveInfinity)
            Assert.Equal((float)expected, found);
        else
            Assert.InRange(found, expected * (1 - 1e-5) - 1e-37, expected * (1 + 1e-5) + 1e-37);
    }

    private static float[] Run(KernelDevice device, Action<ArrayView<float>, ArrayView<float>> kernel)
    {
        using MemoryBuffer1D<float, Stride1D.Dense> x = device.Accelerator.Allocate1D(_values);
        using MemoryBuffer1D<float, Stride1D.Dense> y = device.Accelerator.Allocate1D<float>(_values.Length);
        device.Accelerator.LoadKernel(kernel)(device.Stream, new KernelConfig(1, _values.Length), x.View, y.View);
        device.Synchronize();
        return y.GetAsArray1D(device.Stream);
    }

    private static void Exp(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Exp(x[Group.IdxX]);

    private static void LogOfMore(ArrayView<float> x, ArrayView<float> y) =>
        y[Group.IdxX] = KernelMath.Log(1f + (x[Group.IdxX] < 0f ? -x[Group.IdxX] : x[Group.IdxX]));

    private static void Sigmoid(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Sigmoid(x[Group.IdxX]);

    private static void Sqrt(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Sqrt(x[Group.IdxX]);

    private static void Relu(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Relu(x[Group.IdxX]);

    private static void IsNaN(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.IsNaN(x[Group.IdxX]) ? 1f : 0f;

    private static void IsFinite(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.IsFinite(x[Group.IdxX]) ? 1f : 0f;

    private static void MaxWithOne(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Max(x[Group.IdxX], 1f);

    private static void RemainderOfSquare(ArrayView<float> x, ArrayView<float> y) =>
        y[Group.IdxX] = KernelMath.MultiplyAdd(x[Group.IdxX], x[Group.IdxX], -(x[Group.IdxX] * x[Group.IdxX]));

    private static void MaxWithNaN(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = KernelMath.Max(x[Group.IdxX], float.NaN);
}
