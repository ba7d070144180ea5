using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Program;

namespace SpGpu.CudaDriver;

/// <summary>
/// Writes launches down, for a machine with a GPU to repeat (bench/gpu/replay): a kernel once for each grid, in an archive of its
/// own with the text, the parameters, and the blocks of memory that they point to before and after.
/// </summary>
internal sealed unsafe class Recorder(string folder)
{
    private readonly Dictionary<Kernel, string> _texts = [];
    private readonly SortedList<ulong, ulong> _blocks = [];
    private readonly HashSet<(string Text, Size3 Groups, Size3 Threads)> _known = [];

    public void Loaded(IEnumerable<Kernel> kernels, string text)
    {
        foreach (Kernel kernel in kernels)
            _texts[kernel] = text;
    }

    public void Allocated(IntPtr start, nuint bytes) => _blocks[(ulong)start] = bytes;

    public void Freed(IntPtr start) => _blocks.Remove((ulong)start);

    /// <summary>Runs a launch, and writes it down if there was none like it.</summary>
    public void Run(Launch launch)
    {
        if (!_known.Add((_texts[launch.Kernel], launch.Groups, launch.Threads)))
        {
            launch.Run();
            return;
        }
        List<(int At, ulong Block, ulong Offset)> pointers = [.. Pointers(launch.Parameters)];
        ulong[] blocks = [.. pointers.Select(pointer => pointer.Block).Distinct()];
        byte[][] before = [.. blocks.Select(Content)];
        launch.Run();
        byte[][] after = [.. blocks.Select(Content)];
        Write(launch, [.. pointers.Select(pointer => (pointer.At, Array.IndexOf(blocks, pointer.Block), pointer.Offset))], before, after);
    }

    /// <summary>Where in the parameters there is an address in device memory, the block, and where in the block.</summary>
    private IEnumerable<(int At, ulong Block, ulong Offset)> Pointers(byte[] parameters)
    {
        for (int at = 0; at + sizeof(ulong) <= parameters.Length; at += sizeof(ulong))
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(parameters.AsSpan(at));
            foreach ((ulong start, ulong bytes) in _blocks)
            {
                if (address - start < bytes)
                    yield return (at, start, address - start);
            }
        }
    }

    private byte[] Content(ulong block) => new ReadOnlySpan<byte>((void*)block, checked((int)_blocks[block])).ToArray();

    private void Write(Launch launch, (int At, int Block, ulong Offset)[] pointers, byte[][] before, byte[][] after)
    {
        Directory.CreateDirectory(folder);
        string file = $"{folder}/{_known.Count:D5}-{launch.Kernel.Name}.zip";
        using (var archive = new ZipArchive(File.Create(file + ".part"), ZipArchiveMode.Create))
        {
            Add(archive, "kernel.ptx", Encoding.UTF8.GetBytes(_texts[launch.Kernel]));
            Add(archive, "launch.json", Description(launch, pointers));
            Add(archive, "parameters", launch.Parameters);
            for (int n = 0; n < before.Length; n++)
            {
                Add(archive, $"{n}.before", before[n]);
                Add(archive, $"{n}.after", after[n]);
            }
        }
        File.Move(file + ".part", file, overwrite: true);
    }

    private static byte[] Description(Launch launch, (int At, int Block, ulong Offset)[] pointers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("kernel", launch.Kernel.Name);
            WriteSize(json, "groups", launch.Groups);
            WriteSize(json, "threads", launch.Threads);
            json.WriteNumber("dynamic_shared", launch.SharedBytes - launch.Kernel.SharedBytes);
            json.WriteStartArray("pointers");
            foreach ((int at, int block, ulong offset) in pointers)
            {
                json.WriteStartObject();
                json.WriteNumber("at", at);
                json.WriteNumber("block", block);
                json.WriteNumber("offset", offset);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteSize(Utf8JsonWriter json, string name, Size3 size)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(size.X);
        json.WriteNumberValue(size.Y);
        json.WriteNumberValue(size.Z);
        json.WriteEndArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream entry = archive.CreateEntry(name).Open();
        entry.Write(content);
    }
}
