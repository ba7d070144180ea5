using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Util;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The one way to ILGPU and its driver. What fails there becomes a <see cref="DeviceException"/> that names the device,
/// what ran and what to do. After a failure that the driver repeats at every later call (an illegal access on CUDA) the
/// device is lost: everything but disposal, which is silent, goes on to say what happened first.
/// </summary>
internal sealed class KernelDriver
{
    private readonly string _device;
    private readonly Accelerator _accelerator;
    private readonly bool _owner;
    private readonly AcceleratorStream? _stream;
    private object? _lastLaunch;
    private DeviceException? _lost;
    private bool _isTrying;

    /// <param name="device">The name of the device.</param>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="owner">Whether the accelerator is disposed with the device.</param>
    /// <exception cref="DeviceException">The driver makes no stream.</exception>
    public KernelDriver(string device, Accelerator accelerator, bool owner)
    {
        (_device, _accelerator, _owner) = (device, accelerator, owner);
        _stream = Call(DriverCall.Open, "making a stream", accelerator.CreateStream);
    }

    /// <summary>Called before every call; tests let it throw what a driver would.</summary>
    public Action<DriverCall>? Before { get; set; }

    /// <summary>Where all work is enqueued: the default stream of CUDA is the legacy one, which waits for every other.</summary>
    public AcceleratorStream Stream => _stream!;

    /// <summary>Calls ILGPU.</summary>
    /// <param name="call">The kind of call.</param>
    /// <param name="what">What it does, for errors; text, or what says it when asked.</param>
    /// <param name="state">What the call needs; nothing is allocated for it.</param>
    /// <param name="body">The call.</param>
    /// <exception cref="DeviceException">It failed, or the device was lost before.</exception>
    public void Call<TState>(DriverCall call, object what, TState state, Action<TState> body)
        where TState : allows ref struct
    {
        if (_lost is not null)
            throw new DeviceException(_lost.Message, _lost);
        try
        {
            Before?.Invoke(call);
            body(state);
        }
        catch (Exception error) when (!_isTrying && DriverError.Is(error))
        {
            throw Failed(what, error);
        }
        if (call == DriverCall.Launch && !_isTrying)
            _lastLaunch = what;
    }

    /// <summary>The same for a call with a result.</summary>
    public TResult Call<TResult>(DriverCall call, object what, Func<TResult> body)
    {
        TResult result = default!;
        Call(call, what, body, body => result = body());
        return result;
    }

    /// <summary>
    /// Does what there is another way for, be it by calls of its own. What fails is not looked into, which takes calls that
    /// a stream in capture does not stand: whoever goes the other way then hears what is wrong.
    /// </summary>
    /// <returns>Whether it was done.</returns>
    public bool Try(DriverCall call, string what, Action body)
    {
        if (_lost is not null)
            return false;
        _isTrying = true;
        try
        {
            Before?.Invoke(call);
            body();
        }
        catch (Exception error) when (DriverError.Is(error))
        {
            return false;
        }
        finally
        {
            _isTrying = false;
        }
        if (call == DriverCall.Replay)
            _lastLaunch = what;
        return true;
    }

    /// <summary>A buffer; null if there is not enough memory.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense>? TryAllocate(long length)
    {
        try
        {
            return Call(DriverCall.Allocate, "an allocation", () => _accelerator.Allocate1D<float>(length));
        }
        catch (DeviceException error) when (_lost is null && DriverError.IsOutOfMemory(error.InnerException))
        {
            return null;
        }
    }

    /// <summary>
    /// Disposes something of ILGPU's. Whether the driver minds helps nobody: where it does, it has failed before, and
    /// takes all back with the accelerator or the process.
    /// </summary>
    /// <returns>Whether it did not mind.</returns>
    public bool Free(Action dispose) => Quietly(() =>
    {
        Before?.Invoke(DriverCall.Free);
        dispose();
    });

    /// <summary>Does something; whether the driver did it.</summary>
    public static bool Quietly(Action body)
    {
        try
        {
            body();
            return true;
        }
        catch (Exception error) when (DriverError.Is(error))
        {
            return false;
        }
    }

    /// <summary>Waits for what runs, then disposes the stream and, if it is owned, the accelerator.</summary>
    public void Close()
    {
        Free(Stream.Synchronize);
        Free(Stream.Dispose);
        if (_owner && _lost is null)
            FreeAccelerator();
    }

    private DeviceException Failed(object what, Exception error)
    {
        bool isMemory = DriverError.IsOutOfMemory(error);
        // What failed to compile spoils the context: ILGPU throws at every later kernel.
        bool isLost = error is InternalCompilerException || (!isMemory && IsDead());
        string after = _lastLaunch is null || ReferenceEquals(_lastLaunch, what) ? "" : $" after {_lastLaunch}";
        string advice = isMemory ? "use a smaller image, a smaller batch or windows, or end what else uses its memory"
            : isLost ? "the device is lost to this process: start again, and if it fails again update its driver or use cpu"
            : "update its driver or use cpu";
        var failure = new DeviceException($"{_device}: {what} failed{after}: {DriverError.Describe(error)}; {advice}", error);
        if (isLost)
        {
            _lost = failure;
            if (_owner)
                FreeAccelerator();
        }
        return failure;
    }

    /// <summary>Whether the driver fails at a call that can do nothing wrong.</summary>
    private bool IsDead() => !Quietly(() =>
    {
        Before?.Invoke(DriverCall.Synchronize);
        _stream?.Synchronize();
    });

    /// <summary>Disposes the accelerator for good: else finalisers would call the driver, fail, and so end the process.</summary>
    private void FreeAccelerator()
    {
        if (Free(_accelerator.Dispose))
            return;
        // The rest of it, as its finaliser would: without looking at what the driver says.
        Free(() => Dispose(_accelerator, disposing: false));
        MarkDisposed(_accelerator);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MarkDisposed_Unsafe")]
    private static extern bool MarkDisposed(DisposeBase disposable);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Dispose")]
    private static extern void Dispose(Accelerator accelerator, bool disposing);
}
