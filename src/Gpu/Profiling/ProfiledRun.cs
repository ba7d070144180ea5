namespace SpGpu.Gpu.Profiling;

/// <summary>How a run that is timed is enqueued.</summary>
internal enum ProfiledRun
{
    /// <summary>A mark behind each kernel.</summary>
    Marked,

    /// <summary>Nothing between the kernels.</summary>
    Unmarked,

    /// <summary>As a recording.</summary>
    Replayed,
}
