using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using SpGpu.Gpu.Kernels;
using SpGpu.Tests;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>Opening devices by name, the list of devices, and accelerators of other programs.</summary>
public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Opens_by_name(string name)
    {
        using Device device = Device.Open(name);
        Assert.Equal(name, device.Name);
        Assert.NotEmpty(device.Description);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:1")]
    [InlineData("opencl:x")]
    [InlineData("cpu:0")]
    [InlineData("")]
    public void Unknown_names_are_refused(string name) =>
        Assert.Contains("give auto, cpu, cuda:0", Assert.Throws<DeviceException>(() => Device.Open(name)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("cuda:99")]
    [InlineData("opencl:99")]
    public void A_missing_device_names_those_that_exist(string name) =>
        Assert.EndsWith("cpu", Assert.Throws<DeviceException>(() => Device.Open(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Auto_finds_a_device()
    {
        using Device device = Device.Open();
        Assert.NotEmpty(device.Name);
    }

    [Fact]
    public void The_list_gives_a_reason_for_what_cannot_be_used()
    {
        IReadOnlyList<DeviceInfo> devices = Device.List();
        Assert.Contains(devices, device => device is { Name: "cpu", Usable: true });
        Assert.Contains(devices, device => device is { Name: "ilgpu-cpu", Usable: true });
        Assert.Contains(devices, device => device.Name.StartsWith("cuda", StringComparison.Ordinal));
        Assert.Contains(devices, device => device.Name.StartsWith("opencl", StringComparison.Ordinal));
        Assert.All(devices, device => Assert.Equal(device.Usable, device.Reason.Length == 0));
    }

    [Fact]
    public void Every_usable_device_opens()
    {
        foreach (DeviceInfo info in Device.List().Where(device => device.Usable))
        {
            using Device device = Device.Open(info.Name);
            Assert.Equal(info.Name, device.Name);
        }
    }

    [Fact]
    public void An_accelerator_of_the_program_serves_and_stays()
    {
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(64, 1, 1)).EnableSpGpu());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using (Device device = Device.From(accelerator))
        {
            using DeviceMemory memory = device.Allocate(8);
            Operation relu = device.Operators.Prepare(new Pointwise(PointwiseKind.Relu), [new Shape(1, 1, 1, 4)]);
            var x = new Tensor(memory, new Shape(1, 1, 1, 4));
            Tensor y = x with { Offset = 4 };
            x.Upload<float>([-1f, 2f, float.NaN, -0.5f]);
            Marker start = device.Mark();
            relu.Run([x], [y]);
            var result = new float[4];
            y.Download<float>(result);
            Assert.Equal([0f, 2f, float.NaN, 0f], result);
            Assert.InRange(device.Mark().MillisecondsSince(start), 0, 60_000);
        }
        Assert.False(accelerator.IsDisposed);
        accelerator.Synchronize();
    }

    [Fact]
    public void An_accelerator_that_cannot_serve_is_refused()
    {
        using var plain = Context.Create(builder => builder.CPU(new CPUDevice(64, 1, 1)));
        Assert.Contains("EnableSpGpu", Refusal(plain), StringComparison.Ordinal);
        using var optimised = Context.Create(builder => builder.CPU(new CPUDevice(64, 1, 1)).Optimize(OptimizationLevel.O2).EnableSpGpu());
        Assert.Contains("O2", Refusal(optimised), StringComparison.Ordinal);
        using var small = Context.Create(builder => builder.DefaultCPU().EnableSpGpu());
        Assert.Contains("CPUDevice", Refusal(small), StringComparison.Ordinal);

        static string Refusal(Context context)
        {
            using Accelerator accelerator = context.CreateCPUAccelerator(0);
            return Assert.Throws<DeviceException>(() => Device.From(accelerator)).Message;
        }
    }

    [Fact]
    public void Tensors_of_another_device_and_disposed_ones_are_refused()
    {
        using Device device = Device.Open("ilgpu-cpu");
        using Device other = Device.Open("ilgpu-cpu");
        var shape = new Shape(1, 1, 1, 4);
        Operation relu = device.Operators.Prepare(new Pointwise(PointwiseKind.Relu), [shape]);
        Tensor own = Tensor.Allocate(device, shape);
        Tensor foreign = Tensor.Allocate(other, shape);
        Assert.Throws<DeviceException>(() => relu.Run([own], [foreign]));
        own.Memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => relu.Run([own], [own]));
    }

    [Fact]
    public void Shapes_whose_indices_run_over_are_refused()
    {
        using Device device = Device.Open("ilgpu-cpu");
        Refused(new StripMeans(), new Shape(1, 1, 1, int.MaxValue));
        Refused(new AdaptiveAveragePool((1, int.MaxValue)), new Shape(1, 1, 1, 1));
        Refused(new AdaptiveAveragePool((3, 1)), new Shape(1, 1, int.MaxValue / 3, 1));
        device.Operators.Prepare(new AdaptiveAveragePool((3, 1)), [new(1, 1, int.MaxValue / 3 - 1, 1)]);
        Refused(new AdaptiveAveragePoolGradient(((1 << 30) - 1, 1)), new Shape(1, 1, 1, 1));
        Refused(new AdaptiveAveragePoolGradient((1, (1 << 30) - 1)), new Shape(1, 1, 1, 1));
        Refused(new AdaptiveAveragePoolGradient((1, 46_340)), new Shape(1, 1, 1, 46_340));
        device.Operators.Prepare(new AdaptiveAveragePoolGradient(((1 << 30) - 2, 1)), [new(1, 1, 1, 1)]);
        device.Operators.Prepare(new AdaptiveAveragePoolGradient((1, 46_340)), [new(1, 1, 1, 46_339)]);
        Refused(new Concat(), new Shape(1, 65_535, 1, 1), new Shape(1, 1, 1, 1));

        void Refused(Specification specification, params Shape[] shapes) => Assert.Contains("use cpu",
            Assert.Throws<ShapeException>(() => device.Operators.Prepare(specification, shapes)).Message, StringComparison.Ordinal);
    }

    /// <summary>All of them are refused before any memory is asked for.</summary>
    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Shapes_whose_intermediate_results_run_over_are_refused(string name)
    {
        using Device device = TestDevice.OpenNamed(name);
        Shape filter = new(1, 65_535, 64, 64);
        string message = Assert.Throws<ShapeException>(() =>
            device.Operators.Prepare(new TrainableConvolution(new Convolution(65_535, 1, 64, 1, 0, 1), HasBias: false),
                [filter, filter])).Message;
        Assert.Contains("64x64: its intermediate results for 1x65535x64x64 have more than 2^31 elements; use ", message,
            StringComparison.Ordinal);
        Assert.Contains("needs 4294967296 weights", Assert.Throws<ShapeException>(
            () => device.Operators.Pack(new Convolution(65_536, 65_536, 1, 1, 0, 1), [], new float[65_536])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Intermediate_results_of_the_kernels_that_run_over_are_refused()
    {
        using Device device = Device.Open("ilgpu-cpu");
        // The longest tensor, beside which there is no room for the counts of the digits.
        Shape map = new(1, 1, 1, Workspace.MostElements);
        Refused(new HardExamples(), new Shape(1, 2, 1, 1), map, map);
        // Across: classes x rows of the labels x columns of the logits.
        Shape labels = new(1, 1, 8_000, 1);
        Refused(new CrossEntropyGradient(new CrossEntropy(), 1), new Shape(1, 256, 1, 8_000), labels, new Shape(1, 1, 1, 2), labels);

        void Refused(Specification specification, params Shape[] shapes) => Assert.Contains("intermediate results",
            Assert.Throws<ShapeException>(() => device.Operators.Prepare(specification, shapes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue, 256, 8_388_608)]
    [InlineData(int.MaxValue, int.MaxValue, 1)]
    [InlineData(257, 256, 2)]
    [InlineData(256, 256, 1)]
    public void Groups_cover_all_items(int items, int size, int groups) => Assert.Equal(groups, KernelOperation.Groups(items, size));

    [Theory]
    [InlineData(6, "24 bytes")]
    [InlineData(400, "1.6 KiB")]
    [InlineData(400_000_000, "1,526 MiB")]
    public void Memory_that_is_not_there_is_a_device_error(int length, string size)
    {
        using Device cpu = Device.Open("cpu", new() { Threads = 1 });
        using var device = new SmallDevice(cpu) { Limit = 5 };
        var error = Assert.Throws<DeviceMemoryException>(() => { device.Allocate(length); });
        Assert.StartsWith($"small has no {size} of memory left; use a smaller image", error.Message, StringComparison.Ordinal);
        device.Allocate(5).Dispose();
        device.Allocate(5).Dispose();
    }
}
