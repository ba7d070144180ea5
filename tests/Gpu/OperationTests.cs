using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>A run refuses tensors that it was not prepared for, before anything is touched.</summary>
public sealed class OperationTests(DeviceFixture fixture)
{
    private static readonly Shape _shape = new(2, 3, 4, 5);

    [Fact]
    public void TensorsAreChecked()
    {
        Device device = fixture.Device;
        lock (device.Lock)
        {
            Operation relu = device.Operators.Prepare(new Pointwise(PointwiseKind.Relu), [_shape]);
            Tensor x = Tensor.Allocate(device, _shape);
            Tensor y = Tensor.Allocate(device, _shape);
            using (x.Memory)
            using (y.Memory)
            {
                x.Memory.Clear();
                relu.Run([x], [y]);
                Refused(relu, [x, x], [y]);
                Refused(relu, [x], []);
                Refused(relu, [x with { Shape = _shape with { H = 3 } }], [y]);
                Refused(relu, [x], [y with { Type = DataType.UInt8 }]);
                Refused(relu, [default], [y]);
                Refused(relu, [x with { Offset = -1 }], [y]);
                Refused(relu, [x with { Offset = 1 }], [y]);
                Refused(relu, [x], [y with { BatchStride = 61 }]);
                Refused(relu, [x], [y with { BatchStride = 59 }]);
                Refused(relu, [x], [y with { BatchStride = -60 }]);
            }
        }
    }

    [Fact]
    public void AWindowMustLieInItsMap()
    {
        Device device = fixture.Device;
        lock (device.Lock)
        {
            Operation accumulate = device.Operators.Prepare(new AccumulateProbabilities((4, 5), (8, 9)), [new Shape(1, 2, 3, 3)]);
            Tensor x = Tensor.Allocate(device, new Shape(1, 2, 3, 3));
            Tensor map = Tensor.Allocate(device, new Shape(1, 2, 8, 9));
            using (x.Memory)
            using (map.Memory)
            {
                x.Memory.Clear();
                map.Memory.Clear();
                accumulate.Run([x], [map with { Offset = 4 * 9 + 4 }]);
                Refused(accumulate, [x], [map with { Offset = 4 * 9 + 5 }]);
            }
        }
    }

    private static void Refused(Operation operation, Tensor[] inputs, Tensor[] outputs) =>
        Assert.Throws<ShapeException>(() => operation.Run(inputs, outputs));
}
