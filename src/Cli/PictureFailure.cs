using SpGpu.Gpu;

namespace SpGpu.Cli;

/// <summary>What goes wrong with one picture of many, which must not stop the others.</summary>
internal static class PictureFailure
{
    /// <summary>Whether the others can be done: not after a request to stop, with wrong options, or on a device that is lost.</summary>
    public static bool LeavesOthers(Exception error, Device device) => error switch
    {
        OperationCanceledException or ConfigurationException or WeightsException => false,
        DeviceException => Works(device),
        _ => true,
    };

    /// <summary>What went wrong, in a line that names the picture.</summary>
    public static string Describe(string picture, Exception error)
    {
        string message = Tool.Describe(error);
        return message.Contains(picture, StringComparison.Ordinal) ? message : $"'{picture}': {message}";
    }

    /// <summary>A device that ran out of memory takes small tasks still.</summary>
    private static bool Works(Device device)
    {
        try
        {
            using DeviceMemory memory = device.Allocate(1);
            memory.Clear();
            device.Synchronize();
            return true;
        }
        catch (Exception error) when (error is SpGpuException or ObjectDisposedException)
        {
            return false;
        }
    }
}
