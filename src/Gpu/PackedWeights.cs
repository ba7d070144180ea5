namespace SpGpu.Gpu;

/// <summary>
/// The parameters of one operator on a device, in the layout that the device wants.
/// Made once by <see cref="Operators.Pack"/>; shared by every operation prepared with it, whatever its shape.
/// </summary>
public abstract class PackedWeights : IDisposable
{
    private protected PackedWeights()
    {
    }

    /// <summary>Whether the memory has been given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Gives the memory back to the device.</summary>
    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            Dispose(true);
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back to the device; called once.</summary>
    private protected abstract void Dispose(bool disposing);
}
