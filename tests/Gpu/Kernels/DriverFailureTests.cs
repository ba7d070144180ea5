using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Every call to a driver that fails is an error that names the device and what ran; disposal is silent.</summary>
public sealed class DriverFailureTests : IDisposable
{
    private static readonly Shape _shape = new(1, 3, 4, 5);
    private static readonly Convolution _convolution = new(3, 4, 3, 1, 1, 1);

    private readonly KernelDevice _device = (KernelDevice)Device.Open("ilgpu-cpu");

    public void Dispose()
    {
        _device.Driver.Before = null;
        _device.Dispose();
    }

    /// <summary>The kind of call; what the message says of it.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { nameof(DriverCall.Copy), "ilgpu-cpu: a copy to the device failed: CL_INVALID_VALUE; update" },
        { nameof(DriverCall.Set), "ilgpu-cpu: clearing memory failed: CL_INVALID_VALUE; update" },
        { nameof(DriverCall.Load), "ilgpu-cpu: compiling the kernel TiledConvolutionKernel.Run failed: CL_INVALID_VALUE; update" },
        { nameof(DriverCall.Launch), "ilgpu-cpu: convolution 3x3 gathered 64x64 failed: CL_INVALID_VALUE; update" },
        { nameof(DriverCall.Synchronize), "ilgpu-cpu: waiting for the device failed after convolution 3x3 gathered " +
            "64x64: CL_INVALID_VALUE; update" },
        { nameof(DriverCall.Mark), "ilgpu-cpu: a mark for timing failed after convolution 3x3 gathered 64x64: CL_INVALID_VALUE; update" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_fails_once_is_an_error_and_the_device_goes_on(string call, string message)
    {
        Fail(call, CLError.CL_INVALID_VALUE, times: 1);
        DeviceException error = Assert.Throws<DeviceException>(Everything);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.IsType<CLException>(error.InnerException);
        Everything();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_device_that_goes_on_failing_says_what_happened_first_and_is_disposed_in_silence(string call, string message)
    {
        Fail(call, CLError.CL_INVALID_VALUE, times: int.MaxValue, every: true);
        DeviceException error = Assert.Throws<DeviceException>(Everything);
        Assert.StartsWith(message[..message.IndexOf(';', StringComparison.Ordinal)], error.Message, StringComparison.Ordinal);
        Assert.Contains("lost", error.Message, StringComparison.Ordinal);
        DeviceException later = Assert.Throws<DeviceException>(Everything);
        Assert.Equal(error.Message, later.Message);
        _device.Dispose();
        // Nothing that was left to finalisers may call the driver.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void An_allocation_that_fails_is_tried_once_more()
    {
        Fail(nameof(DriverCall.Allocate), CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE, times: 1);
        Everything();
        Fail(nameof(DriverCall.Allocate), CLError.CL_OUT_OF_HOST_MEMORY, times: 2);
        Assert.StartsWith("ilgpu-cpu has no ", Assert.Throws<DeviceMemoryException>(Everything).Message, StringComparison.Ordinal);
        Everything();
    }

    [Fact]
    public void An_allocation_that_fails_otherwise_is_no_want_of_memory()
    {
        Fail(nameof(DriverCall.Allocate), CLError.CL_INVALID_CONTEXT, times: 1);
        Assert.StartsWith("ilgpu-cpu: an allocation failed: CL_INVALID_CONTEXT; update its driver",
            Assert.Throws<DeviceException>(Everything).Message, StringComparison.Ordinal);
        Everything();
    }

    [Fact]
    public void A_failing_disposal_is_silent()
    {
        Tensor tensor = Tensor.Allocate(_device, _shape);
        using PackedWeights weights = _device.Operators.Pack(_convolution, new float[108], new float[4]);
        _device.Driver.Before = _ => throw new CLException(CLError.CL_INVALID_MEM_OBJECT);
        tensor.Memory.Dispose();
        weights.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Workspace_that_was_given_up_for_a_larger_one_comes_back()
    {
        var x = new Shape(1, 2, 6, 6);
        using Tensors small = new(_device, x);
        Operation sums = _device.Operators.Prepare(new BatchStatistics(), [x]);
        float[] before = small.Run(sums);
        Fail(nameof(DriverCall.Allocate), CLError.CL_OUT_OF_RESOURCES, times: 2);
        Assert.Throws<DeviceMemoryException>(() => _device.Operators.Prepare(new BatchStatistics(), [x with { C = 2000 }]));
        Assert.Equal(before, small.Run(sums));
        Fail(nameof(DriverCall.Allocate), CLError.CL_OUT_OF_RESOURCES, times: 4);
        Assert.Throws<DeviceMemoryException>(() => _device.Operators.Prepare(new BatchStatistics(), [x with { C = 2000 }]));
        var error = Assert.Throws<DeviceMemoryException>(() => small.Run(sums));
        Assert.StartsWith("ilgpu-cpu has no ", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, small.Run(sums));
    }

    [Fact]
    public void A_kernel_that_does_not_compile_spoils_the_device()
    {
        _device.Driver.Before = call =>
        {
            if (call == DriverCall.Load)
                throw new InternalCompilerException("wrapped", new NotSupportedException("no such instruction."));
        };
        DeviceException error = Assert.Throws<DeviceException>(Everything);
        Assert.StartsWith("ilgpu-cpu: compiling the kernel TiledConvolutionKernel.Run failed: no such instruction; the device is lost",
            error.Message, StringComparison.Ordinal);
        _device.Driver.Before = null;
        Assert.Equal(error.Message, Assert.Throws<DeviceException>(Everything).Message);
    }

    [Fact]
    public void An_accelerator_of_the_program_is_not_disposed_when_it_is_lost()
    {
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(64, 1, 1)).EnableSpGpu());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        var device = (KernelDevice)Device.From(accelerator);
        device.Driver.Before = _ => throw new CLException(CLError.CL_INVALID_CONTEXT);
        Assert.Throws<DeviceException>(device.Synchronize);
        device.Dispose();
        Assert.False(accelerator.IsDisposed);
        accelerator.Synchronize();
    }

    [Fact]
    public void What_there_is_another_way_for_fails_in_silence()
    {
        var calls = new List<DriverCall>();
        _device.Driver.Before = call =>
        {
            calls.Add(call);
            if (call is DriverCall.Replay or DriverCall.Copy)
                throw new CLException(CLError.CL_INVALID_CONTEXT);
        };
        Assert.False(_device.Driver.Try(DriverCall.Replay, "a replay", () => Assert.Fail("it was refused")));
        Assert.False(_device.Driver.Try(DriverCall.Capture, "a capture", Everything));
        // Nothing was asked that a stream in capture does not stand.
        Assert.DoesNotContain(DriverCall.Synchronize, calls);
        Assert.DoesNotContain(DriverCall.Launch, calls);
        _device.Driver.Before = null;
        Assert.True(_device.Driver.Try(DriverCall.Replay, "a replay", Everything));
        Fail(nameof(DriverCall.Synchronize), CLError.CL_INVALID_VALUE, times: 1);
        Assert.Contains("failed after a replay:", Assert.Throws<DeviceException>(_device.Synchronize).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_device_tries_nothing()
    {
        _device.Driver.Before = _ => throw new CLException(CLError.CL_INVALID_CONTEXT);
        Assert.Throws<DeviceException>(_device.Synchronize);
        _device.Driver.Before = null;
        Assert.False(_device.Driver.Try(DriverCall.Replay, "a replay", () => Assert.Fail("the device is lost")));
    }

    [Fact]
    public void Messages_are_one_line()
    {
        Assert.Equal("one line, two (N/A)", DriverError.Describe(new CudaException("one line,\ntwo")));
        Assert.Equal("refused (N/A): line 9; error: no such opcode",
            DriverError.Describe(new CudaException("line 9; error: no such\nopcode\n", new CudaException("refused"))));
        Assert.Equal("CL_INVALID_CONTEXT", DriverError.Describe(new CLException(CLError.CL_INVALID_CONTEXT)));
        Assert.Equal("a build log", DriverError.Describe(new CLException("a build log.\n")));
    }

    /// <summary>Each kind of call at least once.</summary>
    private void Everything()
    {
        using PackedWeights weights = _device.Operators.Pack(_convolution, new float[108], new float[4]);
        using Tensors tensors = new(_device, _shape, _shape with { C = 4 });
        tensors.Run(_device.Operators.Prepare(_convolution, [_shape], weights));
        _device.Synchronize();
        _device.Mark().MillisecondsSince(_device.Mark());
    }

    /// <summary>Lets a kind of call fail some times, or every call from its first one on.</summary>
    private void Fail(string kind, CLError error, int times, bool every = false)
    {
        int failed = 0;
        _device.Driver.Before = call =>
        {
            if ((call.ToString() == kind || (every && failed > 0)) && failed < times)
            {
                failed++;
                throw new CLException(error);
            }
        };
    }

    private sealed class Tensors : IDisposable
    {
        private readonly Tensor _input;
        private readonly Tensor[] _outputs;

        public Tensors(Device device, Shape input, Shape? output = null)
        {
            _input = Tensor.Allocate(device, input);
            Shape channels = new(1, input.C, 1, 1);
            _outputs =
                output is { } one ? [Tensor.Allocate(device, one)] : [Tensor.Allocate(device, channels), Tensor.Allocate(device, channels)];
        }

        public float[] Run(Operation operation)
        {
            foreach (Tensor output in _outputs)
                output.Memory.Clear();
            _input.Upload<float>([.. Enumerable.Range(0, (int)_input.Shape.Count).Select(i => MathF.Sin(i))]);
            operation.Run([_input], _outputs);
            var result = new float[_outputs[0].Shape.Count];
            _outputs[0].Download<float>(result);
            return result;
        }

        public void Dispose()
        {
            _input.Memory.Dispose();
            foreach (Tensor output in _outputs)
                output.Memory.Dispose();
        }
    }
}
