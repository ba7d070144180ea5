namespace SpGpu.Cli;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int BadInput = 3;
    public const int Device = 4;
    public const int Interrupted = 130;

    /// <summary>The codes in a line of the help.</summary>
    public const string Help = "0 done, 1 failed, 2 usage, 3 bad input, 4 device or memory, 130 interrupted";

    /// <summary>The code for an error that ends the tool.</summary>
    public static int Of(Exception error) => error switch
    {
        ConfigurationException => Usage,
        // Shapes come from tensors and pictures; those from options are reported as configuration.
        WeightsException or ImageException or DatasetException or ShapeException => BadInput,
        DeviceException or OutOfMemoryException => Device,
        OperationCanceledException => Interrupted,
        _ => Failed,
    };
}
