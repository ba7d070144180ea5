namespace SpGpu;

/// <summary>
/// The base of every error that SpGpu reports. A message says what is wrong, where, and how to mend it;
/// the command-line tool prints that line alone.
/// </summary>
public abstract class SpGpuException : Exception
{
    /// <summary>Makes an error with its one-line message and, if another error led to it, that one.</summary>
    protected SpGpuException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>A device is missing, unsupported, lost or out of memory.</summary>
public class DeviceException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>A device has too little memory for what was asked; smaller tasks work still.</summary>
public sealed class DeviceMemoryException(string message, Exception? inner = null) : DeviceException(message, inner);

/// <summary>Shapes that an operator or a layer cannot work with.</summary>
public sealed class ShapeException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>A weights file that cannot be read, or whose tensors do not fit the model.</summary>
public sealed class WeightsException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>An image, palette or label map that cannot be read or written.</summary>
public sealed class ImageException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>A list of files or a folder of images that cannot be used.</summary>
public sealed class DatasetException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>An option or setting whose value cannot be used.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>A result that cannot be written: no such folder, no right to write, no space.</summary>
public sealed class OutputException(string message, Exception? inner = null) : SpGpuException(message, inner);

/// <summary>Training cannot go on: its loss is no number any more, or a checkpoint does not fit the run.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : SpGpuException(message, inner);
