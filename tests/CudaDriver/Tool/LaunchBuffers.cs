using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Memory;

namespace SpGpu.CudaDriver.Tool;

/// <summary>The blocks of device memory of a launch.</summary>
internal sealed unsafe class LaunchBuffers
{
    private readonly Dictionary<string, Block> _blocks = [];
    private readonly string _path, _folder;

    /// <param name="files">The buffers by name.</param>
    /// <param name="path">The file that says so.</param>
    /// <param name="memory">Where to allocate them.</param>
    /// <exception cref="ConfigurationException">A file is missing, or has more bytes than its buffer.</exception>
    public LaunchBuffers(IReadOnlyDictionary<string, BufferFile> files, string path, DeviceMemory memory)
    {
        (_path, _folder) = (path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        foreach ((string name, BufferFile file) in files)
        {
            byte[] content = file.File is { } source ? Read(name, source) : [];
            long bytes = file.Bytes ?? content.Length;
            if (bytes <= 0 || bytes > int.MaxValue || content.Length > bytes)
            {
                throw new ConfigurationException(
                    $"{path}: buffer {name} of {bytes} bytes; give 1 to {int.MaxValue}, and as many as its file has");
            }
            IntPtr start = memory.Allocate(bytes);
            var block = new Span<byte>((void*)start, (int)bytes);
            if (file.Fill is { } value)
            {
                MemoryMarshal.Cast<byte, float>(block).Fill(value);
                memory.Define((ulong)start, (ulong)bytes & ~3ul);
            }
            content.CopyTo(block);
            memory.Define((ulong)start, (ulong)content.Length);
            _blocks.Add(name, new Block(file, (ulong)start, (int)bytes));
        }
    }

    /// <summary>What the kernel may touch.</summary>
    public IReadOnlyList<Extent> Extents =>
    [
        .. _blocks.Values.Select(block => new Extent(
            block.Start, (ulong)block.Bytes, 0, 1, block.File.ReadOnly ? Role.Input : Role.Updated)),
    ];

    /// <exception cref="ConfigurationException">There is no such buffer.</exception>
    public ulong Address(string name) => _blocks.TryGetValue(name, out Block? block)
        ? block.Start
        : throw new ConfigurationException($"{_path}: a parameter is buffer {name}; there are {string.Join(", ", _blocks.Keys)}");

    /// <summary>Writes those that are wanted.</summary>
    /// <exception cref="OutputException">A file cannot be written.</exception>
    public void Write()
    {
        foreach (Block block in _blocks.Values)
        {
            if (block.File.Output is not { } output)
                continue;
            AtomicFile.Write(
                Path.Combine(_folder, output), stream => stream.Write(new ReadOnlySpan<byte>((void*)block.Start, block.Bytes)));
        }
    }

    private byte[] Read(string name, string source)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(_folder, source));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{_path}: buffer {name}: {error.Message}");
        }
    }

    private sealed record Block(BufferFile File, ulong Start, int Bytes);
}
