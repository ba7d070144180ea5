using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Gpu.Kernels;

/// <summary>An ILGPU accelerator that runs the kernel set.</summary>
internal sealed class KernelDevice : Device
{
    /// <summary>The most threads of a group; one more would not be portable.</summary>
    public const int MostThreads = 256;

    /// <summary>The fewest threads of a group that the kernels can live with.</summary>
    public const int FewestThreads = 64;

    /// <summary>Bytes of shared memory that a kernel may use.</summary>
    public const int SharedMemory = 32768;

    private readonly ConcurrentDictionary<MethodInfo, Delegate> _launches = new();
    private readonly Context? _owned;
    private readonly bool _profiling;
    private readonly CudaEvents? _events;

    /// <param name="name">The name that the device was opened by.</param>
    /// <param name="context">The context.</param>
    /// <param name="accelerator">An accelerator of the context.</param>
    /// <param name="owner">Whether the device disposes both.</param>
    /// <exception cref="DeviceException">The driver fails.</exception>
    public KernelDevice(string name, Context context, Accelerator accelerator, bool owner)
    {
        Name = name;
        Accelerator = accelerator;
        Driver = new KernelDriver(name, accelerator, owner);
        GroupSize = accelerator.MaxNumThreadsPerGroup >= MostThreads ? MostThreads : FewestThreads;
        Operators = new KernelOperators(this);
        TensorCores = accelerator is CudaAccelerator { Architecture: var architecture } && architecture >= CudaArchitecture.SM_80;
        _owned = owner ? context : null;
        _profiling = context.Properties.EnableProfiling;
        _events = Stream is CudaStream stream ? new CudaEvents(this, stream) : null;
    }

    public override string Name { get; }

    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Accelerator.Name.Trim()}, {Accelerator.NumMultiprocessors} multiprocessors");

    public override Operators Operators { get; }

    internal override bool CanRecord => CudaGraph.IsFor(this);

    /// <summary>The accelerator, for what it says of itself; it is made to work through <see cref="Driver"/>.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The way to the accelerator's work.</summary>
    public KernelDriver Driver { get; }

    /// <summary>Where all work is enqueued.</summary>
    public AcceleratorStream Stream => Driver.Stream;

    /// <summary>Threads of a group, for kernels that take any number: 64 or 256.</summary>
    public int GroupSize { get; }

    /// <summary>
    /// The side of a convolution's block tiles; 0, but for checks and measurements of one of them, lets the shape
    /// decide.
    /// </summary>
    public int BlockTileSide { get; set; }

    /// <summary>Threads of such a tile, likewise where several have its side; it has no say where no kernel has so many.</summary>
    public int BlockTileThreads { get; set; }

    /// <summary>Parts of the inner dimension of convolutions; 0, but for checks and measurements, lets the shape decide.</summary>
    public int ConvolutionParts { get; set; }

    /// <summary>Whether tensor cores multiply the floats of convolutions.</summary>
    public bool TensorCores { get; set; }

    /// <summary>The kernels that were compiled.</summary>
    public IEnumerable<MethodInfo> Loaded => _launches.Keys;

    /// <summary>Makes an accelerator of its own and takes over the context.</summary>
    /// <exception cref="DeviceException">The driver fails.</exception>
    public static KernelDevice Open(string name, Context context, ILGPU.Runtime.Device device)
    {
        Accelerator? accelerator = null;
        try
        {
            accelerator = device.CreateAccelerator(context);
            return new KernelDevice(name, context, accelerator, owner: true);
        }
        catch (Exception error)
        {
            KernelDriver.Quietly(() => accelerator?.Dispose());
            KernelDriver.Quietly(context.Dispose);
            throw error as DeviceException
                ?? new DeviceException($"{name} cannot be opened: {DriverError.Describe(error)}; update its driver or use cpu", error);
        }
    }

    /// <summary>Takes options over; disposes the device if it has no use for one.</summary>
    /// <exception cref="DeviceException">It has no use for an option.</exception>
    public KernelDevice With(DeviceOptions options)
    {
        try
        {
            BlockTileSide = options.ForKernels(Name).BlockTile;
            TensorCores &= options.TensorCores;
            if (BlockTileSide != 0)
                ConvolutionTuning.Check(BlockTileSide, this);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The delegate that launches a kernel, compiled the first time and kept: ILGPU itself forgets kernels that nobody
    /// holds.
    /// </summary>
    public TLaunch Load<TLaunch>(Delegate kernel, KernelSpecialization specialization = default)
        where TLaunch : Delegate =>
        (TLaunch)_launches.GetOrAdd(kernel.Method, method => Driver.Call(
            DriverCall.Load, $"compiling the kernel {method.DeclaringType!.Name}.{method.Name}",
            () => Compile(method, specialization).CreateLauncherDelegate<TLaunch>()));

    private Kernel Compile(MethodInfo method, KernelSpecialization specialization)
    {
        try
        {
            return Accelerator.LoadKernel(method, specialization);
        }
        catch (CudaException error) when (CudaCompilerLog.Of(Accelerator, method, specialization) is { Length: > 0 } log)
        {
            throw new CudaException(log, error);
        }
    }

    private protected override DeviceMemory? TryAllocate(int length) => KernelMemory.TryAllocate(this, length);

    private protected override void SynchronizeCore() =>
        Driver.Call(DriverCall.Synchronize, "waiting for the device", Stream, stream => stream.Synchronize());

    internal override IReadOnlyList<KernelLaunch> LaunchesOf(string kernel, Action enqueue) => CudaLaunches.Of(this, kernel, enqueue);

    internal override void PrepareMarks(int count) => _events?.Prepare(count);

    private protected override Marker MarkCore()
    {
        if (_events is not null)
            return _events.Mark();
        if (_profiling)
            return new KernelMarker(this, Driver.Call(DriverCall.Mark, "a mark for timing", Stream.AddProfilingMarker));
        SynchronizeCore();
        return new HostMarker();
    }

    private protected override Recording? TryRecordCore(IReadOnlyList<int[]> after, Action<int> enqueue) =>
        CudaGraph.TryCapture(this, after, enqueue);

    private protected override void Dispose(bool disposing)
    {
        _events?.Dispose();
        Driver.Close();
        if (_owned is not null)
            Driver.Free(_owned.Dispose);
    }
}
