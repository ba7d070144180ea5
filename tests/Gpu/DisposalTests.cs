using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// Disposal waits for what runs, may come twice, and what comes later is told so, on the processor and on ILGPU.
/// </summary>
public sealed class DisposalTests
{
    private static readonly Shape _shape = new(1, 8, 16, 16);

    /// <summary>Those that every machine has, and the one that the tests are run on.</summary>
    public static TheoryData<string> Devices => [.. ((string[])["cpu", "ilgpu-cpu", DeviceFixture.Name]).Distinct()];

    [Theory]
    [MemberData(nameof(Devices))]
    public void What_comes_after_a_device_is_told_so(string name)
    {
        Device device = TestDevice.OpenNamed(name);
        var work = new Work(device);
        work.Run();
        Marker marker = device.Mark();
        device.Dispose();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(work.Run);
        Assert.Throws<ObjectDisposedException>(() => device.Allocate(16));
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        Assert.Throws<ObjectDisposedException>(device.Mark);
        Assert.Throws<ObjectDisposedException>(() => device.Operators.Prepare(new Softmax(), [_shape]));
        Assert.Throws<ObjectDisposedException>(() => device.Operators.Pack(new BatchNorm(8), new float[8], new float[8]));
        Assert.Throws<ObjectDisposedException>(() => work.Input.Memory.Upload(new byte[4], 0));
        Assert.Throws<ObjectDisposedException>(() => work.Input.Memory.Download(new byte[4], 0));
        Assert.Throws<ObjectDisposedException>(work.Input.Memory.Clear);
        if (name != "cpu")
            Assert.Throws<ObjectDisposedException>(() => marker.MillisecondsSince(marker));
        work.Dispose();
        work.Dispose();
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Memory_and_weights_may_go_before_what_uses_them(string name)
    {
        using Device device = TestDevice.OpenNamed(name);
        using (var work = new Work(device))
        {
            work.Weights.Dispose();
            work.Weights.Dispose();
            Assert.True(work.Weights.IsDisposed);
            Assert.Throws<ObjectDisposedException>(work.Run);
        }
        using (var work = new Work(device))
        {
            work.Output.Memory.Dispose();
            work.Output.Memory.Dispose();
            Assert.True(work.Output.Memory.IsDisposed);
            Assert.Throws<ObjectDisposedException>(work.Run);
            Assert.Throws<ObjectDisposedException>(() => work.Output.Memory.Download(new byte[4], 0));
        }
        using var alive = new Work(device);
        alive.Run();
    }

    [Fact]
    public void A_team_may_be_disposed_twice_and_does_not_wait_for_threads_that_have_ended()
    {
        var team = new Team(3);
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => team.Run(new Nothing()));
    }

    /// <summary>Device, weights and tensors go while two threads run, each of them first in turn.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void Disposal_waits_for_what_runs(string name)
    {
        for (int round = 0; round < (name == "cpu" ? 60 : 4); round++)
        {
            Device device = name == "cpu" ? Device.Open(name, new() { Threads = 3 }) : TestDevice.OpenNamed(name);
            var work = new Work(device);
            IDisposable[] order = [device, work.Weights, work.Input.Memory, work.Output.Memory];
            using var running = new CountdownEvent(2);
            var errors = new Exception?[2];
            Thread[] threads = [.. errors.Select((_, t) => new Thread(() =>
            {
                work.Run();
                running.Signal();
                errors[t] = Record.Exception(work.RunForEver);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            running.Wait(TestContext.Current.CancellationToken);
            for (int i = 0; i < order.Length; i++)
                order[(round + i) % order.Length].Dispose();
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(errors, error => Assert.IsType<ObjectDisposedException>(error));
        }
    }

    /// <summary>A convolution of a size that a thread is busy with for a while.</summary>
    private sealed class Work : IDisposable
    {
        private readonly Operation _operation;

        public Work(Device device)
        {
            var convolution = new Convolution(8, 8, 3, 1, 1, 1);
            Weights = device.Operators.Pack(convolution, new float[8 * 8 * 9], new float[8]);
            _operation = device.Operators.Prepare(convolution, [_shape], Weights);
            Input = Tensor.Allocate(device, _shape);
            Output = Tensor.Allocate(device, _shape);
            Input.Memory.Clear();
        }

        public PackedWeights Weights { get; }

        public Tensor Input { get; }

        public Tensor Output { get; }

        public void Run() => _operation.Run([Input], [Output]);

        public void RunForEver()
        {
            while (true)
                Run();
        }

        public void Dispose()
        {
            Weights.Dispose();
            Input.Memory.Dispose();
            Output.Memory.Dispose();
        }
    }

    private sealed class Nothing : ITeamWork
    {
        public void Execute(int worker, int workers)
        {
            // Nothing.
        }
    }
}
