using System.Buffers.Binary;
using CsCheck;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public sealed class SafeTensorsWriteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-weights-").FullName;

    private static readonly Gen<HostTensor> _tensor =
        from shape in Gen.Int[0, 4].Array[0, 4]
        let count = shape.Aggregate(1, (product, extent) => product * extent)
        from tensor in Gen.OneOf(
            Gen.Float.Array[count].Select(data => new HostTensor(data, shape)),
            Gen.Long.Array[count].Select(data => new HostTensor(data, shape)),
            Gen.Byte.Array[count].Select(data => new HostTensor(data, shape)))
        select tensor;

    private static readonly Gen<StateDict> _tensors =
        from pairs in Gen.Select(Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 20], _tensor).Array[0, 8]
        select pairs.Aggregate(new StateDict(), (dict, pair) =>
        {
            dict[pair.Item1] = pair.Item2;
            return dict;
        });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        string path = Path.Combine(_folder, "round.safetensors");
        _tensors.Sample(
            tensors =>
            {
                SafeTensors.Write(path, tensors);
                Fixtures.AssertSame(tensors, SafeTensors.Read(path));
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void Metadata_and_description_are_read_without_the_data()
    {
        string path = Path.Combine(_folder, "described.safetensors");
        var tensors = new StateDict
        {
            ["mask"] = new HostTensor(new byte[3], 3),
            ["weight"] = new HostTensor(new float[6], 2, 3),
            ["count"] = new HostTensor(new long[1]),
        };
        SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["epoch"] = "3", ["classes"] = "wall\nsky" });
        using WeightsFile description = SafeTensors.Open(path);
        Assert.Equal(["mask U8 [3]", "weight F32 [2, 3]", "count I64 []"],
            description.Entries.Select(tensor => $"{tensor.Name} {tensor.ElementType} {HostTensor.Describe(tensor.Shape)}"));
        Assert.Equal("3", description.Metadata["epoch"]);
        Assert.Equal("wall\nsky", description.Metadata["classes"]);
    }

    [Fact]
    public void Data_is_aligned_whatever_the_order()
    {
        string path = Path.Combine(_folder, "aligned.safetensors");
        SafeTensors.Write(path, new StateDict
        {
            ["a"] = new HostTensor(new byte[3], 3),
            ["b"] = new HostTensor(new float[1], 1),
            ["c"] = new HostTensor([1L], 1),
        });
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(file) % 8);
        Assert.Contains("\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}", System.Text.Encoding.UTF8.GetString(file));
    }

    [Fact]
    public void Reading_takes_little_more_memory_than_the_data()
    {
        string path = Path.Combine(_folder, "large.safetensors");
        SafeTensors.Write(path, new StateDict { ["w"] = new HostTensor(new float[1 << 20], 1 << 20) });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Reading.Model(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4 << 20, (4 << 20) + (1 << 18));
    }

    [Fact]
    public void The_name_of_the_metadata_is_not_free_for_a_tensor() => Assert.Throws<WeightsException>(() => SafeTensors.Write(
        Path.Combine(_folder, "never"), new StateDict { ["__metadata__"] = new HostTensor(new byte[1], 1) }));

    [Fact]
    public void A_folder_that_is_missing_is_an_output_error() => Assert.Throws<OutputException>(() =>
        SafeTensors.Write(Path.Combine(_folder, "none", "x.safetensors"), new StateDict()));
}
