using System.Buffers.Binary;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models.Tests.Weights.Fuzzing;

/// <summary>
/// Feeds spoilt files to the readers. A reader may succeed or raise a <see cref="WeightsException"/> of one line that
/// names the file, with little memory; all else is a failure. A case follows from its target, seed and number alone.
/// </summary>
internal sealed class WeightsFuzzer
{
    public static readonly string[] Targets = ["safetensors", "zip", "legacy", "onnx"];

    private const string Name = "spoilt.file";
    private const long MaxAllocation = 64 << 20;

    private readonly Dictionary<string, byte[][]> _corpora;
    private readonly List<ZipItem>[] _archives;

    /// <summary>Takes the sound files to spoil from a folder, and those of other libraries that are made here.</summary>
    public WeightsFuzzer(string folder)
    {
        byte[][] Files(string pattern) =>
            [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        byte[][] archives = [.. Files("*_zip.pth"), MmCheckpoint.Present()];
        _archives = [.. archives.Select(ZipBuilder.Items)];
        _corpora = new()
        {
            ["safetensors"] = Files("*.safetensors"),
            ["zip"] = [.. archives, .. _archives.Select(Compressed)],
            ["onnx"] = [Onnx(raw: true), Onnx(raw: false)],
            ["legacy"] = [.. Files("*_legacy.pth"), MmCheckpoint.Former(), MmCheckpoint.PresentLegacy()],
        };
    }

    /// <summary>Runs one case; true if the reader took the file.</summary>
    /// <exception cref="InvalidOperationException">The reader did what it must not.</exception>
    public bool Run(string target, ulong seed, long number)
    {
        byte[] bytes = Make(target, seed, number);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool accepted;
        try
        {
            accepted = Read(bytes, number);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"{target} case {number} of seed {seed} ended in {error.GetType().Name}: {error.Message}", error);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= MaxAllocation ? accepted
            : throw new InvalidOperationException($"{target} case {number} of seed {seed} allocated {allocated} bytes");
    }

    /// <summary>The spoilt file of a case, to look at or to keep.</summary>
    public byte[] Make(string target, ulong seed, long number)
    {
        var random = new SplitMix(new SplitMix(seed).Next() + (ulong)number);
        byte[] bytes = random.Pick(_corpora[target]);
        byte[] other = random.Pick(_corpora[target]);
        // Half of the cases keep the frame sound, so that spoilt content gets past checksums and lengths.
        bool keepFrame = random.Next(2) == 0;
        return target switch
        {
            "zip" when keepFrame => MutateRecord(random),
            "safetensors" when keepFrame => MutateHeader(bytes, other, random),
            _ => Mutator.Mutate(bytes, other, random),
        };
    }

    private static bool Read(byte[] bytes, long number)
    {
        try
        {
            // The two ways in differ in what they load.
            _ = number % 2 == 0 || bytes is [0x08, ..] ? Reading.Model(bytes, Name) : Direct(bytes);
            return true;
        }
        catch (WeightsException error)
        {
            if (!error.Message.Contains(Name, StringComparison.Ordinal) || error.Message.Any(char.IsControl))
                throw new InvalidOperationException($"not one line that names the file: {error.Message}", error);
            return false;
        }
    }

    private static StateDict Direct(byte[] bytes) => bytes is [(byte)'P', ..] or [0x80, ..]
        ? Reading.Checkpoint(bytes, Name) : Reading.SafeTensors(bytes, Name);

    private static byte[] Onnx(bool raw) => OnnxBuilder.File(
        OnnxBuilder.Tensor("conv.weight", new float[12], [2, 3, 1, 2], raw), OnnxBuilder.Tensor("conv.bias", [1, 2], [2], raw));

    private static byte[] Compressed(List<ZipItem> items) =>
        ZipBuilder.Build(items.Select(item => item with { IsDeflated = true }));

    private byte[] MutateRecord(SplitMix random)
    {
        List<ZipItem> items = [.. random.Pick(_archives)];
        // The pickle is first; the others are raw numbers, of which only the lengths can be wrong.
        int spoilt = random.Next(4) == 0 ? random.Next(items.Count) : 0;
        byte[] content = Mutator.Mutate(items[spoilt].Content, random.Pick(_archives)[0].Content, random);
        items[spoilt] = items[spoilt] with { Content = content, IsDeflated = random.Next(8) == 0 };
        return ZipBuilder.Build(items);
    }

    private static byte[] MutateHeader(byte[] file, byte[] other, SplitMix random)
    {
        int end = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        byte[] header = random.Next(2) == 0 ? Mutator.MutateText(file[8..end], random) : Mutator.Mutate(file[8..end], other, random);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. file[end..]];
    }
}
