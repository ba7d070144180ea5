using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// An ILGPU accelerator that runs the kernel set, with a stream of its own: the default stream of CUDA is the legacy
/// one, which waits for every other.
/// </summary>
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

    /// <param name="name">The name that the device was opened by.</param>
    /// <param name="context">The context.</param>
    /// <param name="accelerator">An accelerator of the context.</param>
    /// <param name="owner">Whether the device disposes both.</param>
    public KernelDevice(string name, Context context, Accelerator accelerator, bool owner)
    {
        Name = name;
        Accelerator = accelerator;
        Stream = accelerator.CreateStream();
        GroupSize = accelerator.MaxNumThreadsPerGroup >= MostThreads ? MostThreads : FewestThreads;
        Operators = new KernelOperators(this);
        Workspace = new Workspace(Allocate);
        _owned = owner ? context : null;
        _profiling = context.Properties.EnableProfiling;
    }

    public override string Name { get; }

    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Accelerator.Name.Trim()}, {Accelerator.NumMultiprocessors} multiprocessors");

    public override Operators Operators { get; }

    /// <summary>Intermediate results of operators.</summary>
    public Workspace Workspace { get; }

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Where all work is enqueued.</summary>
    public AcceleratorStream Stream { get; }

    /// <summary>Threads of a group, for kernels that take any number: 64 or 256.</summary>
    public int GroupSize { get; }

    /// <summary>The side of a convolution's squares; 0, but for checks of one of them, lets the shape decide.</summary>
    public int ConvolutionSide { get; set; }

    /// <summary>
    /// The delegate that launches a kernel, compiled the first time and kept: ILGPU itself forgets kernels that nobody
    /// holds.
    /// </summary>
    public TLaunch Load<TLaunch>(Delegate kernel, KernelSpecialization specialization = default)
        where TLaunch : Delegate =>
        (TLaunch)_launches.GetOrAdd(kernel.Method, method => Accelerator.LoadKernel(method, specialization).CreateLauncherDelegate<TLaunch>());

    public override DeviceMemory Allocate(int length) => new KernelMemory(this, length);

    public override void Synchronize()
    {
        try
        {
            Stream.Synchronize();
        }
        catch (AcceleratorException error)
        {
            throw Failed("the work enqueued so far", error);
        }
    }

    public override Marker Mark()
    {
        if (_profiling)
            return new KernelMarker(Stream.AddProfilingMarker());
        Synchronize();
        return new HostMarker();
    }

    /// <summary>What a failure inside the driver is reported as.</summary>
    public DeviceException Failed(string what, Exception error) =>
        new($"{Name}: {what} failed: {error.Message.ReplaceLineEndings(" ")}; if memory is short use smaller images, else update the driver", error);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Workspace.Dispose();
        Stream.Dispose();
        if (_owned is null)
            return;
        Accelerator.Dispose();
        _owned.Dispose();
    }
}
