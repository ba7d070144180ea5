namespace SpGpu.Gpu;

/// <summary>
/// The parameters of one operator on a device, in the layout that the device wants.
/// Made once by <see cref="Operators.Pack"/>; shared by every operation prepared with it, whatever its shape.
/// </summary>
public abstract class Weights : IDisposable
{
    /// <summary>Gives the memory back to the device.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back to the device.</summary>
    protected abstract void Dispose(bool disposing);
}
