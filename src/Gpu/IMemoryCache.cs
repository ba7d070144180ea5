namespace SpGpu.Gpu;

/// <summary>Something that keeps device memory which it can make again.</summary>
internal interface IMemoryCache
{
    /// <summary>
    /// Disposes what is not in use, as an allocation has failed. The caller holds the <see cref="Device.Lock"/>.
    /// </summary>
    void GiveUp();
}
