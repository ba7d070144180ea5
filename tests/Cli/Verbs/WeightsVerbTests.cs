using SpGpu.Cli.Verbs;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu info</c> and <c>spgpu convert</c>.</summary>
public sealed class WeightsVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Checkpoints => ["sd_zip.pth", "sd_legacy.pth", "ckpt_zip.pth", "ckpt_legacy.pth"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Info_describes_a_network()
    {
        Spgpu run = Spgpu.Run("info", TinyNetwork.Write(_folder), "--size", "64x32").Done();
        StateDict state = TinyNetwork.State(5);
        KeyValuePair<string, HostTensor>[] floats = [.. state.Where(tensor => tensor.Value.Data is float[])];
        long learnt = floats.Where(tensor => !tensor.Key.Contains("running_", StringComparison.Ordinal))
            .Sum(tensor => (long)tensor.Value.Count);
        Assert.Contains(run.Lines, line => line.StartsWith($"parameters      {learnt:N0},", StringComparison.Ordinal));
        Assert.Contains($"{state.Count} ({floats.Length} F32, {state.Count - floats.Length} I64)", run.Out, StringComparison.Ordinal);
        Assert.Contains("planes 4 4 8 8, blocks 1 2 1 1", run.Out, StringComparison.Ordinal);
        Assert.Contains("layer2.1, layer4.0 (as published)", run.Out, StringComparison.Ordinal);
        Assert.Contains("GMAC at 64x32", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_names_classes_and_info_shows_them()
    {
        string weights = TinyNetwork.Write(_folder), named = _folder.File("named.safetensors"), again = _folder.File("again.safetensors");
        string names = _folder.Write("names.txt", "sky\nroad\nkerb\ncar\npole\n"), colours = _folder.Write("c.txt",
            string.Concat(Enumerable.Repeat("128 0 255\n", 5)));
        Spgpu.Run("convert", weights, named, "--names", names, "--palette", colours).Done();
        Spgpu.Run("convert", named, again).Done();
        Spgpu run = Spgpu.Run("info", again).Done();
        Assert.Contains("classes         sky, road, kerb, car, pole", run.Out, StringComparison.Ordinal);
        Assert.Contains("colours         8000FF 8000FF", run.Out, StringComparison.Ordinal);
        Spgpu.Run("convert", weights, named, "--names", "cityscapes").Fails(2, "'cityscapes' has 19 names, the network has 5 classes");
        SafeTensors.Write(named, TinyNetwork.State(5), new Dictionary<string, string> { ["network.class_names"] = "a\nb" });
        Assert.Contains("there are 2 names for 5 classes", Spgpu.Run("info", named).Done().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_names_tensors_that_are_not_the_networks()
    {
        StateDict state = TinyNetwork.State(5);
        state["extra"] = new HostTensor([1f], 1);
        SafeTensors.Write(_folder.File("extra.safetensors"), state);
        Assert.Contains("does not fit    1 unexpected ('extra'); ", Spgpu.Run("info", _folder.File("extra.safetensors")).Done().Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("does not fit", Spgpu.Run("info", TinyNetwork.Write(_folder)).Done().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_describes_a_network_that_is_too_wide_for_any_picture()
    {
        StateDict state = TinyNetwork.State(5);
        state["pretrained.conv1.0.weight"] = new HostTensor(Array.Empty<float>(), 65_536, 0, 3, 3);
        SafeTensors.Write(_folder.File("wide.safetensors"), state);
        Spgpu run = Spgpu.Run("info", _folder.File("wide.safetensors")).Done();
        Assert.Contains("stem 65536 4 8", run.Out, StringComparison.Ordinal);
        Assert.Contains("none at 480x480: layer 'pretrained.conv1", run.Out, StringComparison.Ordinal);
        Spgpu.Run("info", TinyNetwork.Write(_folder), "--size", "99999x99999").Fails(2, "--size");
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused_by_every_reader()
    {
        StateDict state = TinyNetwork.State(5);
        state["pretrained.module.conv1.0.weight"] = state["pretrained.conv1.0.weight"];
        string weights = _folder.File("twice.safetensors");
        SafeTensors.Write(weights, state);
        Spgpu.Run("info", weights).Fails(3, weights, "two tensors are called 'pretrained.conv1.0.weight'");
        Spgpu.Run("convert", weights, _folder.File("once.safetensors"))
            .Fails(3, weights, "two tensors are called 'pretrained.conv1.0.weight'");
        Spgpu.Run("forward", "--weights", weights, "--input", weights, "--output", _folder.File("y.safetensors")).Fails(3, weights);
    }

    [Fact]
    public void Info_lists_keys()
    {
        string[] keys = Spgpu.Run("info", TinyNetwork.Write(_folder), "--keys").Done().Lines;
        Assert.All(
            TinyNetwork.State(5).Names, name => Assert.Contains(keys, line => line.StartsWith($"{name} ", StringComparison.Ordinal)));
        Assert.Contains(keys, line => line.EndsWith("F32  [4, 3, 3, 3]", StringComparison.Ordinal));
    }

    [Fact]
    public void Info_keeps_its_columns_where_keys_are_long()
    {
        string file = _folder.File("long.safetensors");
        SafeTensors.Write(file, new StateDict { ["a"] = new(new float[2], 2), [new string('k', 70)] = new(new float[3], 3) });
        string[] rows = [.. Spgpu.Run("info", file, "--keys").Done().Lines.Where(line => line.Contains(" F32 ", StringComparison.Ordinal))];
        Assert.Equal([71, 71], rows.Select(row => row.IndexOf("F32", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ckpt_zip.pth", "PyTorch checkpoint (zip)")]
    [InlineData("sd_legacy.pth", "PyTorch checkpoint (from before 1.6)")]
    [InlineData("expected_sd.safetensors", ".safetensors")]
    public void Info_describes_any_weights(string file, string kind)
    {
        Spgpu run = Spgpu.Run("info", Fixture(file), "--keys").Done();
        Assert.Contains(kind, run.Out, StringComparison.Ordinal);
        Assert.Contains("not a whole network", run.Out, StringComparison.Ordinal);
        StateDict expected = SafeTensors.Read(Fixture("expected_sd.safetensors"));
        Assert.All(expected.Names, name => Assert.Contains($"\n{name} ", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_that_no_network_can_use_are_reported()
    {
        StateDict state = TinyNetwork.State(5);
        state["pretrained.bn1.running_var"].Floats[1] = float.NaN;
        state["head.score_layer.4.bias"].Floats[0] = float.PositiveInfinity;
        string weights = _folder.File("nan.safetensors");
        SafeTensors.Write(weights, state);
        Spgpu.Run("convert", TinyNetwork.Write(_folder), _folder.File("sound.safetensors")).Done();
        Assert.DoesNotContain("unusable", Spgpu.Run("info", _folder.File("sound.safetensors")).Done().Out, StringComparison.Ordinal);
        string[] report = Spgpu.Run("info", weights).Done().Lines;
        Assert.Contains(
            report, line => line.StartsWith("unusable        'pretrained.bn1.running_var' holds NaN", StringComparison.Ordinal));
        Assert.Contains("(and 1 more tensor)", string.Join(' ', report.Select(line => line.Trim())), StringComparison.Ordinal);
        Spgpu convert = Spgpu.Run("convert", weights, _folder.File("out.safetensors"));
        Assert.Equal(0, convert.Code);
        Assert.Contains("'pretrained.bn1.running_var' holds NaN", convert.Error, StringComparison.Ordinal);
        Assert.True(float.IsNaN(SafeTensors.Read(_folder.File("out.safetensors"))["pretrained.bn1.running_var"].Floats[1]));
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"))
            .Fails(3, "nan.safetensors", "holds");
        Spgpu.Run("export", "--weights", weights, "--onnx", _folder.File("net.onnx"), "--size", "64x64")
            .Fails(3, "nan.safetensors", "holds");
        Assert.False(File.Exists(_folder.File("net.onnx")));
    }

    [Fact]
    public void The_work_of_the_published_network_is_known()
    {
        SpNetArchitecture published = SpNetArchitecture.SpNet50(150);
        Assert.Equal("SPNet-50", published.Name);
        Graph graph = SpNetGraph.Build(published);
        Assert.Equal(143.115, graph.MultiplyAdds([("image", new Shape(1, 3, 480, 480))], "score") / 1e9, 0.0005);
        Assert.Equal(47_838_124, graph.ParameterCount);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Convert_keeps_every_tensor(string file)
    {
        string target = _folder.File("out.safetensors");
        Assert.Contains("wrote", Spgpu.Run("convert", Fixture(file), target).Done().Out, StringComparison.Ordinal);
        StateDict expected = SafeTensors.Read(Fixture("expected_sd.safetensors"));
        StateDict converted = SafeTensors.Read(target);
        Assert.Equal(expected.Names.Order(), converted.Names.Order());
        Assert.All(expected, tensor =>
        {
            Assert.Equal(tensor.Value.Shape, converted[tensor.Key].Shape);
            Assert.Equal(tensor.Value.Data, converted[tensor.Key].Data);
        });
    }

    [Fact]
    public void Networks_of_other_sources_go_through_every_verb()
    {
        var architecture = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Mmsegmentation, classes: 5, [4, 4, 8], [4, 4, 8, 8], [1, 1, 1, 1]);
        var wrapped = new StateDict();
        foreach ((string name, HostTensor tensor) in Initializer.Initialize(architecture.Build(), seed: 3))
            wrapped[$"module.{name}"] = tensor;
        string given = _folder.File("given.safetensors"), weights = _folder.File("psp.safetensors"), onnx = _folder.File("psp.onnx");
        SafeTensors.Write(given, wrapped);
        Spgpu.Run("convert", given, weights).Done();
        IReadOnlyDictionary<string, string> metadata = SafeTensors.Read(weights).Metadata;
        Assert.Equal(architecture.Title, metadata["network.name"]);
        Assert.Equal("half-pixel", metadata["network.resize"]);
        Assert.Contains("(mmsegmentation), 5 classes", Spgpu.Run("info", weights).Done().Out, StringComparison.Ordinal);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Spgpu.Run("segment", picture, "--weights", given, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.True(File.Exists(_folder.File("out/a.png")));
        Assert.Contains("PSPNet", Spgpu.Run("export", "--weights", given, "--onnx", onnx, "--size", "64x48").Done().Out,
            StringComparison.Ordinal);
        Assert.Contains("PSPNet", Spgpu.Run("profile", "--weights", given, "--size", "64x48", "--device", "cpu", "--runs", "1").Done().Out,
            StringComparison.Ordinal);
        Spgpu.Run("export", "--weights", given, "--onnx", onnx, "--size", "64x48", "--pools", "4,2").Fails(2, "--pools is for SPNet");
    }

    [Fact]
    public void Convert_does_not_replace_what_it_reads()
    {
        string weights = TinyNetwork.Write(_folder);
        byte[] before = File.ReadAllBytes(weights);
        Spgpu.Run("convert", weights, weights).Fails(2, "would be replaced");
        Assert.Equal(before, File.ReadAllBytes(weights));
    }

    [Fact]
    public void Convert_does_not_replace_what_it_reads_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string weights = TinyNetwork.Write(_folder);
        byte[] before = File.ReadAllBytes(weights);
        File.CreateSymbolicLink(_folder.File("link.safetensors"), weights);
        Spgpu.Run("convert", _folder.File("link.safetensors"), weights).Fails(2, "would be replaced");
        Assert.Equal(before, File.ReadAllBytes(weights));
    }

    [Fact]
    public void Convert_writes_no_other_format() =>
        Spgpu.Run("convert", Fixture("sd_zip.pth"), _folder.File("out.pth")).Fails(2, "does not end in .safetensors");

    [Theory]
    [InlineData("info")]
    [InlineData("convert")]
    public void A_file_that_holds_no_weights_is_refused(string verb)
    {
        string[] target = verb == "convert" ? [_folder.File("out.safetensors")] : [];
        Spgpu.Run([verb, _folder.Write("page.pth", "<html>not found</html>"), .. target]).Fails(3, "page.pth");
        Spgpu.Run([verb, _folder.Write("empty.pth", ""), .. target]).Fails(3, "it is empty");
        Spgpu.Run([verb, Path.GetTempPath(), .. target]).Fails(3, "is a folder; name a weights file in it");
        Assert.False(File.Exists(_folder.File("out.safetensors")));
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "pth", name);
}
