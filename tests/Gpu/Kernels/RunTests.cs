using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Running an operation costs the managed heap nothing, and time on the device can be measured.</summary>
public sealed class RunTests
{
    [Fact]
    public void Allocates_nothing()
    {
        using Device device = TestDevice.OpenNamed(TestDevice.OpenClOrSkip());
        foreach (Specification specification in new Specification[]
        {
            new Pointwise(PointwiseKind.Relu), new StripMeans(), new MaxPool(3, 2, 1), new Softmax(), new Bilinear((9, 9)),
            new BatchStatistics(), new BilinearGradient((5, 5)), new ExpandAddGradient(Relu: false),
        })
        {
            var shape = new Shape(1, 3, 8, 8);
            Operation operation = device.Operators.Prepare(specification, [shape]);
            Tensor x = Tensor.Allocate(device, shape);
            Tensor[] outputs = [.. specification.Infer([shape]).Select(output => Tensor.Allocate(device, output))];
            operation.Run([x], outputs);
            device.Synchronize();
            long before = GC.GetAllocatedBytesForCurrentThread();
            operation.Run([x], outputs);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            device.Synchronize();
            Assert.True(allocated == 0, $"{specification.Name} allocates {allocated} bytes");
            x.Memory.Dispose();
            Array.ForEach(outputs, output => output.Memory.Dispose());
        }
    }

    [Fact]
    public void Marks_measure_time()
    {
        using Device device = TestDevice.OpenNamed(TestDevice.OpenClOrSkip());
        var shape = new Shape(1, 64, 64, 64);
        Operation softmax = device.Operators.Prepare(new Softmax(), [shape]);
        using DeviceMemory memory = device.Allocate(2 * (int)shape.Count);
        memory.Clear();
        var x = new Tensor(memory, shape);
        softmax.Run([x], [x with { Offset = (int)shape.Count }]);
        Marker start = device.Mark();
        softmax.Run([x], [x with { Offset = (int)shape.Count }]);
        Assert.InRange(device.Mark().MillisecondsSince(start), 0.01, 60_000);
    }
}
