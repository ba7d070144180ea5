using System.Text.Json;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Memory;
using SpGpu.PtxMachine.Program;
using SpGpu.PtxMachine.Text;

namespace SpGpu.CudaDriver.Tool;

/// <summary>A kernel from a file, launched as another file says.</summary>
internal static class PtxRun
{
    /// <summary>Runs it, writes the buffers that are wanted, and returns its counts.</summary>
    /// <param name="ptxPath">The module.</param>
    /// <param name="launchPath">A <see cref="LaunchFile"/>; files that it names lie beside it.</param>
    /// <param name="options">How it is executed.</param>
    /// <exception cref="ConfigurationException">A file is missing or wrong.</exception>
    /// <exception cref="OutputException">A buffer cannot be written.</exception>
    /// <exception cref="Fault">The kernel does what it must not do; nothing is written.</exception>
    public static KernelProfile Run(string ptxPath, string launchPath, MachineOptions options)
    {
        LaunchFile file = LaunchFile.Read(launchPath);
        Kernel kernel = Find(ptxPath, file.Kernel);
        using var memory = new DeviceMemory(options.Races);
        var buffers = new LaunchBuffers(file.Buffers, launchPath, memory);
        byte[] parameters = Pack(kernel, file, launchPath, buffers);
        var counts = new KernelCounts(kernel);
        Size3 groups = Size(file.Grid, "grid", launchPath), threads = Size(file.Block, "block", launchPath);
        new Launch(kernel, groups, threads, parameters, file.Shared, memory, options)
        {
            Tensors = buffers.Extents,
            Counts = counts,
        }.Run();
        buffers.Write();
        return KernelProfile.Of("", counts);
    }

    private static Kernel Find(string path, string? name)
    {
        IReadOnlyList<Kernel> kernels;
        try
        {
            kernels = Kernel.Read(File.ReadAllText(path));
        }
        catch (Exception error) when (error is PtxException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {error.Message}");
        }
        Kernel[] found = [.. kernels.Where(kernel => name is null || kernel.Name == name)];
        string all = string.Join(", ", kernels.Select(kernel => kernel.Name));
        string problem = name is null ? "the launch does not say which kernel is meant" : $"there is no kernel {name}";
        return found.Length == 1 ? found[0] : throw new ConfigurationException($"{path}: {problem}; it has {all}");
    }

    private static Size3 Size(uint[] numbers, string what, string path) => numbers.Length is 0 or > 3
        ? throw new ConfigurationException($"{path}: {what} has {numbers.Length} numbers; give one to three")
        : new Size3(numbers[0], numbers.Length > 1 ? numbers[1] : 1, numbers.Length > 2 ? numbers[2] : 1);

    private static byte[] Pack(Kernel kernel, LaunchFile file, string path, LaunchBuffers buffers)
    {
        byte[][] values;
        try
        {
            values = [.. file.Pieces().Select(pieces => pieces.SelectMany(piece => Bytes(piece, path, buffers)).ToArray())];
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"{path}: parameters: {error.Message}");
        }
        if (values.Length != kernel.Parameters.Count)
            throw new ConfigurationException($"{path}: {values.Length} parameters; {kernel.Name} takes {kernel.Parameters.Count}");
        var packed = new byte[kernel.ParameterBytes];
        for (int n = 0; n < values.Length; n++)
        {
            Variable parameter = kernel.Parameters[n];
            if (values[n].Length != parameter.Size)
            {
                throw new ConfigurationException(
                    $"{path}: parameter {n} has {values[n].Length} bytes; {parameter.Name} of {kernel.Name} has {parameter.Size}");
            }
            values[n].CopyTo(packed, parameter.Offset);
        }
        return packed;
    }

    private static byte[] Bytes(ParameterPiece piece, string path, LaunchBuffers buffers)
    {
        byte[]?[] given =
        [
            piece.Buffer is { } buffer ? BitConverter.GetBytes(buffers.Address(buffer) + (ulong)piece.Offset) : null,
            piece.Uint8 is { } u8 ? [u8] : null,
            piece.Int32 is { } s32 ? BitConverter.GetBytes(s32) : null,
            piece.Uint32 is { } u32 ? BitConverter.GetBytes(u32) : null,
            piece.Int64 is { } s64 ? BitConverter.GetBytes(s64) : null,
            piece.Uint64 is { } u64 ? BitConverter.GetBytes(u64) : null,
            piece.Float32 is { } f32 ? BitConverter.GetBytes(f32) : null,
            piece.Float64 is { } f64 ? BitConverter.GetBytes(f64) : null,
            piece.Padding is >= 0 and <= 4096 and var padding ? new byte[padding] : null,
        ];
        return given.Count(bytes => bytes is not null) == 1
            ? given.Single(bytes => bytes is not null)!
            : throw new ConfigurationException(
                $"{path}: a parameter is one of buffer, uint8, int32, uint32, int64, uint64, float32, float64, padding");
    }
}
