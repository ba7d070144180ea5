using System.IO.Compression;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Weights from and into streams, also such as cannot seek.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANetworkComesFromAStream(bool seekable)
    {
        using var written = new MemoryStream();
        StateDict state = Tiny.State();
        SafeTensors.Write(written, state);
        using Device device = Device.Open("cpu");
        using SpNet expected = new(Tiny.Architecture, state, device);
        using SpNet net = SpNet.Load(Again(written, seekable), "upload", device);
        using SegmentationNetwork other = SegmentationNetwork.Load(Again(written, seekable), "upload", device);
        HostTensor input = Tiny.Input(1, 3, 24, 32);
        Assert.Equal(expected.Forward(input).Floats, net.Forward(input).Floats);
        Assert.Equal(expected.Forward(input).Floats, other.Forward(input).Floats);
        StateDict read = SafeTensors.Read(Again(written, seekable), "upload");
        Assert.Equal(state.Names, read.Names);
    }

    [Fact]
    public void ACheckpointOfPyTorchDoesToo()
    {
        string path = Directory.GetFiles(Fixtures.Folder, "*.pth").Order(StringComparer.Ordinal).First();
        using var file = WeightsFile.Open(path);
        using Stream plain = File.OpenRead(path);
        using Stream pipe = Again(plain, seekable: false);
        using var streamed = WeightsFile.Open(pipe, "a stream");
        Assert.Equal("a stream", streamed.Origin);
        Assert.Equal(file.Entries.Select(entry => entry.Name), streamed.Entries.Select(entry => entry.Name));
        Assert.All(file.Names, name => Assert.Equal(file.Load(name).Data, streamed.Load(name).Data));
        using MemoryStream converted = new();
        Assert.Equal(file.FindUnusable(), streamed.Convert(converted));
        using var again = WeightsFile.Open(Again(converted, seekable: true), "converted");
        Assert.Equal(file.Names.Order(), again.Names.Order());
    }

    [Fact]
    public void WhatIsWrongIsSaidWithTheGivenName()
    {
        using var empty = new MemoryStream();
        using var text = new MemoryStream("no weights"u8.ToArray());
        using var huge = new HugeStream();
        Assert.Contains("'upload'", Message(empty), StringComparison.Ordinal);
        Assert.Contains("'upload'", Message(text), StringComparison.Ordinal);
        Assert.Contains("at most 2 GiB", Message(huge), StringComparison.Ordinal);

        static string Message(Stream stream) => Assert.Throws<WeightsException>(() => WeightsFile.Open(stream, "upload")).Message;
    }

    /// <summary>The same bytes from the start, seekable or as they come out of a decompressor.</summary>
    private static Stream Again(Stream content, bool seekable)
    {
        content.Position = 0;
        var copy = new MemoryStream();
        if (seekable)
            content.CopyTo(copy);
        else
        {
            using var packed = new DeflateStream(copy, CompressionLevel.Fastest, leaveOpen: true);
            content.CopyTo(packed);
        }
        copy.Position = 0;
        return seekable ? copy : new DeflateStream(copy, CompressionMode.Decompress);
    }

    /// <summary>Says that it is longer than any array.</summary>
    private sealed class HugeStream : MemoryStream
    {
        public override long Length => 1L << 32;
    }
}
