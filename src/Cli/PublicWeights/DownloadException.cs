namespace SpGpu.Cli.PublicWeights;

/// <summary>A file that could not be downloaded.</summary>
/// <param name="message">What is wrong and how to mend it.</param>
/// <param name="mayPass">Whether it is worth another try in a while.</param>
/// <param name="inner">What led to it.</param>
internal sealed class DownloadException(string message, bool mayPass, Exception? inner = null) : SpGpuException(message, inner)
{
    public bool MayPass { get; } = mayPass;
}
