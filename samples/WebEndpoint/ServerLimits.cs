using SpGpu.Models;

namespace SpGpu.WebEndpoint;

/// <summary>What a client may ask of the server.</summary>
public sealed record ServerLimits
{
    /// <summary>Bytes of an upload.</summary>
    public long Bytes { get; init; } = 16 << 20;

    /// <summary>Pixels of a picture: a small file may have many.</summary>
    public int Pixels { get; init; } = 16_000_000;

    /// <summary>Requests at work: one is read or written while another is computed.</summary>
    public int AtWork { get; init; } = 2;

    /// <summary>Requests that wait, with nothing of their pictures in memory; who comes later is told to try again.</summary>
    public int Waiting { get; init; } = 32;

    /// <summary>How the network looks at pictures.</summary>
    public SegmentOptions Options { get; init; } = new() { LongSide = 640 };
}
