using System.Text.Json;
using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Cli.Tests.Output;

/// <summary><c>--json</c> of the verbs that describe something.</summary>
public sealed class JsonResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Devices_are_those_of_the_library()
    {
        JsonElement json = Of("devices");
        IReadOnlyList<DeviceInfo> devices = Device.List();
        Assert.Equal(devices.Select(device => device.Name), json.GetProperty("devices").EnumerateArray().Select(Name));
        JsonElement cpu = json.GetProperty("devices").EnumerateArray().Single(device => Name(device) == "cpu");
        Assert.True(cpu.GetProperty("usable").GetBoolean());

        static string? Name(JsonElement device) => device.GetProperty("name").GetString();
    }

    [Fact]
    public void Info_has_every_tensor()
    {
        string file = TinyNetwork.Write(_folder);
        JsonElement json = Of("info", file, "--size", "64x48");
        using var weights = WeightsFile.Open(file);
        Assert.Equal(weights.Entries.Count, json.GetProperty("tensors").GetArrayLength());
        Assert.Equal((5, 64), (json.GetProperty("classes").GetInt32(), json.GetProperty("width").GetInt32()));
        Assert.True(json.GetProperty("multiply_adds").GetInt64() > 100_000);
        Assert.Equal(0, json.GetProperty("unusable").GetArrayLength());
        Spgpu.Run("info", file, "--json", file).Fails(2, "is read and would be replaced; give --json another name");
    }

    [Fact]
    public void A_profile_has_every_kernel()
    {
        JsonElement json = Of("profile", "--weights", TinyNetwork.Write(_folder), "--size", "64x48", "--runs", "1", "--device", "cpu");
        JsonElement[] kernels = [.. json.GetProperty("kernels").EnumerateArray()];
        Assert.InRange(kernels.Length, 20, 200);
        Assert.All(kernels, kernel => Assert.True(kernel.GetProperty("milliseconds").GetDouble() >= 0));
        Assert.True(json.GetProperty("milliseconds").GetDouble() > 0);
    }

    [Fact]
    public void A_selftest_has_its_numbers()
    {
        JsonElement json = Of("selftest", "--device", "cpu", "--filter", "strip gate", "--cases", "tiny");
        Assert.True(json.GetProperty("passed").GetInt32() > 0);
        Assert.Equal(0, json.GetProperty("failed").GetArrayLength());
    }

    [Fact]
    public void A_dataset_has_its_classes_and_faults()
    {
        TinyNetwork.WritePicture(_folder, "images/a.png");
        TinyNetwork.WritePicture(_folder, "images/b.png");
        Directory.CreateDirectory(_folder.File("labels"));
        new LabelMap([.. Enumerable.Range(0, 33 * 25).Select(i => (byte)(i % 3))], 33, 25).Write(_folder.File("labels/a.png"), Palette.Voc);
        _folder.Write("labels/b.png", "no picture");
        JsonElement json = Of("dataset", "check", _folder.Path, "--classes", "3");
        Assert.Equal([275, 275, 275], json.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("pixels").GetInt32()));
        JsonElement fault = Assert.Single(json.GetProperty("faults").EnumerateArray());
        Assert.Equal("Unreadable", fault.GetProperty("fault").GetString());
    }

    /// <summary>What the standard output has, alone; a file has the same, and the lines are then where they always are.</summary>
    private JsonElement Of(params string[] args)
    {
        Spgpu piped = Spgpu.Run([.. args, "--json", "-"]), plain = Spgpu.Run([.. args, "--json", _folder.File("results.json")]);
        JsonElement json = JsonDocument.Parse(piped.Out).RootElement;
        JsonElement file = JsonDocument.Parse(File.ReadAllBytes(_folder.File("results.json"))).RootElement;
        Assert.Equal(json.EnumerateObject().Select(property => property.Name), file.EnumerateObject().Select(property => property.Name));
        Assert.NotEmpty(plain.Lines);
        Assert.Equal(plain.Code, piped.Code);
        Assert.Contains(plain.Lines[0].Split(' ')[0], piped.Error, StringComparison.Ordinal);
        return json;
    }
}
