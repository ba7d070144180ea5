using System.Diagnostics;
using System.Globalization;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Memory;
using SpGpu.PtxMachine.Text;

namespace SpGpu.CudaDriver;

/// <summary>The one device, and the way into it: calls come one at a time.</summary>
internal static class Driver
{
    private static readonly Lock _gate = new();
    private static readonly Dictionary<string, int> _calls = [];
    private static readonly Dictionary<IntPtr, object> _handles = [];
    private static IntPtr _lastHandle = 0x1000;
    private static int _sticky;
    private static long _launches, _untold, _executed, _ticks;

    public static Settings Settings { get; } = ReadSettings();

    public static DeviceMemory Memory { get; } = new(Settings.Machine.Races);

    /// <summary>Writes launches down; null where nobody wants it.</summary>
    public static Recorder? Recorder { get; } = Settings.RecordFolder is { } folder ? new(folder) : null;

    /// <summary>Does a call, unless it is to fail.</summary>
    public static int Call(string name, Action body)
    {
        lock (_gate)
        {
            if (_sticky != 0)
                return _sticky;
            int calls = _calls[name] = _calls.GetValueOrDefault(name) + 1;
            if (name == Settings.FailingCall && calls == Settings.FailingAt)
                return Failed(name, Settings.FailsWith, "as it was told to");
            try
            {
                body();
                return CudaError.Success;
            }
            catch (CudaException error)
            {
                return Failed(name, error.Error, error.Message);
            }
            catch (PtxException error)
            {
                return Failed(name, CudaError.InvalidPtx, error.Message);
            }
            catch (Fault fault)
            {
                return Failed(name, Code(fault.Kind), fault.Message);
            }
            catch (OutOfMemoryException)
            {
                return Failed(name, CudaError.OutOfMemory, "the machine has no more");
            }
            catch (Exception error)
            {
                return Failed(name, CudaError.Unknown, error.ToString());
            }
        }
    }

    /// <summary>A number for something, by which callers know it; it is never used again.</summary>
    public static IntPtr Handle(object of)
    {
        _handles.Add(++_lastHandle, of);
        return _lastHandle;
    }

    public static T Get<T>(IntPtr handle)
        where T : class =>
        _handles.GetValueOrDefault(handle) as T
        ?? throw new CudaException(CudaError.InvalidHandle, $"no {typeof(T).Name} has the handle 0x{handle:x}");

    public static T Remove<T>(IntPtr handle)
        where T : class
    {
        T removed = Get<T>(handle);
        _handles.Remove(handle);
        return removed;
    }

    /// <summary>Runs a launch.</summary>
    public static void Run(Launch launch)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            if (Recorder is null)
                launch.Run();
            else
                Recorder.Run(launch);
        }
        finally
        {
            long ticks = Stopwatch.GetTimestamp() - start;
            (_launches, _executed, _ticks) = (_launches + 1, _executed + launch.ThreadInstructions, _ticks + ticks);
            _untold += launch.Tensors is null ? 1 : 0;
            if (Settings.Log)
            {
                string rate = Rate(launch.ThreadInstructions, ticks);
                Say($"{launch.Kernel.Name} grid {launch.Groups} group {launch.Threads}: {launch.ThreadInstructions} instructions, {rate}");
            }
        }
    }

    /// <summary>Tells what has been executed, where a log is wanted.</summary>
    public static void Summarise()
    {
        if (Settings.Log)
            Say($"{_launches} launches, {_untold} without their tensors, {_executed} instructions of threads, {Rate(_executed, _ticks)}");
    }

    private static string Rate(long executed, long ticks)
    {
        double seconds = ticks / (double)Stopwatch.Frequency;
        return string.Create(
            CultureInfo.InvariantCulture, $"{seconds:f3} s, {executed / 1e6 / Math.Max(seconds, 1e-9):f0} million a second");
    }

    private static int Code(FaultKind kind) => kind switch
    {
        FaultKind.OutOfBounds or FaultKind.OutsideTensors => CudaError.IllegalAddress,
        FaultKind.Misaligned => CudaError.MisalignedAddress,
        FaultKind.LaunchLimit or FaultKind.ParameterSize => CudaError.InvalidValue,
        FaultKind.EndlessLoop => CudaError.LaunchTimeout,
        _ => CudaError.LaunchFailed,
    };

    private static int Failed(string name, int error, string message)
    {
        Say($"{name}: error {error}, {CudaError.Describe(error)}{(message.Length > 0 ? ": " : "")}{message}");
        if (CudaError.IsSticky(error))
            _sticky = error;
        return error;
    }

    private static void Say(string line) => Console.Error.WriteLine("cuda without a GPU: " + line);

    private static Settings ReadSettings()
    {
        try
        {
            return Settings.Read(Environment.GetEnvironmentVariable);
        }
        catch (FormatException error)
        {
            // There is nobody to tell by a number.
            Say(error.Message);
            Environment.Exit(2);
            throw;
        }
    }
}
