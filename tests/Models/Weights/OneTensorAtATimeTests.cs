using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Tests.Weights.Fuzzing;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>From an open file to a network there is one tensor in memory at a time.</summary>
public sealed class OneTensorAtATimeTests : IDisposable
{
    /// <summary>What headers, graphs and small vectors take.</summary>
    private const int Beside = 4 << 20;

    /// <summary>Some 25 MB of parameters, of which the largest tensor is a tenth.</summary>
    private static readonly SpNetArchitecture _wide = Tiny.Architecture with { Planes = [16, 32, 64, 192] };

    private static readonly Lazy<StateDict> _state = new(() => Initializer.Initialize(SpNetGraph.Build(_wide), 1));

    private static readonly Lazy<byte[]> _checkpoint = new(() => new CheckpointBuilder().Add(_state.Value).Zip());

    private readonly Device _device = Device.Open("cpu", new() { Threads = 1 });
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Kinds => ["safetensors", "zip"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loading_a_network_allocates_little_more_than_its_largest_tensor(string kind)
    {
        (string path, long largest, long all) = Write(kind);
        Assert.True(all > 3 * (largest + Beside), $"{all} bytes with {largest} in the largest tensor show nothing");
        long allocated = Allocated(() => SpNet.Load(path, _device).Dispose());
        Assert.InRange(allocated, largest, largest + Beside);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Converting_and_looking_through_a_file_allocates_no_tensor(string kind)
    {
        (string path, long largest, _) = Write(kind);
        using var file = WeightsFile.Open(path);
        string target = Path.Combine(_folder, "converted");
        Assert.InRange(Allocated(() => Assert.Empty(file.FindUnusable())), 0, largest / 2);
        Assert.InRange(Allocated(() => Assert.Empty(file.Convert(target))), 0, largest / 2);
        Fixtures.AssertSame(StateDict.Load(file), SafeTensors.Read(target));
    }

    [Fact]
    public void A_file_is_described_without_its_tensors()
    {
        (string path, long largest, _) = Write("zip");
        using var file = WeightsFile.Open(path);
        Assert.Equal("PyTorch checkpoint (zip)", file.Kind);
        Assert.Equal(new FileInfo(path).Length, file.Length);
        Assert.Equal(_state.Value.Names, file.Entries.Select(entry => entry.Name));
        Assert.Equal(_state.Value.Select(pair => pair.Value.Shape), file.Entries.Select(entry => entry.Shape));
        Assert.Equal(_state.Value.Count, file.Entries.Count(entry => entry.ElementType is "F32" or "I64"));
        string name = file.Entries.MaxBy(entry => entry.Shape.Aggregate(1, (product, extent) => product * extent))!.Name;
        Assert.InRange(Allocated(() => file.Load(name)), largest, largest + Beside);
        Assert.Equal(_state.Value[name].Floats, file.Load(name).Floats);
        WeightsException error = Assert.Throws<WeightsException>(() => file.Load("none"));
        Assert.Contains("no tensor 'none'", error.Message);
        Assert.Null(file.ShapeOf("none"));
        Assert.Throws<ArgumentException>(() => file.TryLoad(name, new float[1]));
    }

    [Fact]
    public void A_compressed_tensor_may_be_loaded_again_and_again()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 18).Select(i => MathF.Sin(i))];
        ZipItem[] items =
        [
            new("a/data.pkl", PickleBuilder.Single("0", values.Length, 0, [values.Length], [1])),
            new("a/data/0", PickleBuilder.Floats(values)) { IsDeflated = true },
        ];
        using var file = WeightsFile.Open(ZipBuilder.Build(items), "memory");
        for (int i = 0; i < 16; i++)
            Assert.Equal(values, file.Load("w").Floats);
    }

    private (string Path, long Largest, long All) Write(string kind)
    {
        string path = Path.Combine(_folder, kind);
        if (kind == "zip")
            File.WriteAllBytes(path, _checkpoint.Value);
        else
            SafeTensors.Write(path, _state.Value);
        return (path, 4L * _state.Value.Max(pair => pair.Value.Count), 4L * _state.Value.Sum(pair => pair.Value.Count));
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
