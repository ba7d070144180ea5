namespace SpGpu.Gpu.Kernels;

/// <summary>The kinds of what is asked of ILGPU and its driver.</summary>
internal enum DriverCall
{
    Open,
    Allocate,
    Copy,
    Set,
    Load,
    Launch,
    Capture,
    Replay,
    Synchronize,
    Mark,
    Free,
}
