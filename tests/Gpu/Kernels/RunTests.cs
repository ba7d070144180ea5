using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Running an operation costs the managed heap nothing, and time on the device can be measured.</summary>
public sealed class RunTests
{
    [Fact]
    public void Allocates_nothing()
    {
        using Device device = TestDevice.OpenNamed(TestDevice.OpenClOrSkip());
        var shape = new Shape(1, 3, 8, 8);
        var convolution = new Convolution(3, 3, 3, 1, 1, 1);
        Convolution grouped = new(4, 6, 3, 1, 1, 1) { Groups = 2 };
        Shape filter = TrainableConvolution.Filter(convolution);
        foreach ((Specification specification, Shape[] inputs) in new (Specification, Shape[])[]
        {
            (new Pointwise(PointwiseKind.Relu), [shape]), (new StripMeans(), [shape]), (new MaxPool(3, 2, 1), [shape]),
            (new Softmax(), [shape]), (new Bilinear((9, 9)), [shape]),
            (new TrainableConvolution(convolution, HasBias: false), [shape, filter]),
            (new ConvolutionInputGradient(convolution, 8), [shape, filter]),
            (new ConvolutionFilterGradient(convolution), [shape, shape]), (new ChannelSums(), [shape]),
            (new TrainableConvolution(convolution with { Groups = 3 }, HasBias: false), [shape, filter with { C = 1 }]),
            (new ConvolutionFilterGradient(convolution with { Groups = 3 }), [shape, shape]),
            (new TrainableConvolution(grouped, HasBias: false), [shape with { C = 4 }, TrainableConvolution.Filter(grouped)]),
            (new BatchStatistics(), [shape]), (new BilinearGradient((5, 5)), [shape]),
            (new ExpandAddGradient(Relu: false), [shape]),
        })
        {
            Operation operation = device.Operators.Prepare(specification, inputs);
            Tensor[] tensors = [.. inputs.Select(input => Tensor.Allocate(device, input))];
            Tensor[] outputs = [.. specification.Infer(inputs).Select(output => Tensor.Allocate(device, output))];
            operation.Run(tensors, outputs);
            device.Synchronize();
            long before = GC.GetAllocatedBytesForCurrentThread();
            operation.Run(tensors, outputs);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            device.Synchronize();
            Assert.True(allocated == 0, $"{specification.Name} allocates {allocated} bytes");
            Array.ForEach(tensors, input => input.Memory.Dispose());
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
