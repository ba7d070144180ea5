using System.Reflection;
using System.Text;
using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;
using SpGpu.Training.Configuration;

namespace SpGpu.Surface.Tests;

/// <summary>What is read from a file or written to one is so, too, from and to streams that cannot seek.</summary>
public sealed class StreamTests : IDisposable
{
    private static readonly string[] _verbs = ["Read", "Write", "Load", "Open", "Convert", "ExportOnnx"], _files = ["path", "list"];

    private readonly TemporaryFolder _folder = new();
    private readonly RgbImage _image = new([1, 2, 3, 40, 50, 60], 2, 1, 6, PixelOrder.Rgb);
    private readonly LabelMap _labels = new([0, 7, 255, 20], 2, 2);
    private readonly StateDict _state = new() { ["x"] = new HostTensor(new float[] { 1, 2 }, 2) };

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Texts => new()
    {
        { "palette", "# two\n128 64 128\n0,0,255\n" },
        { "palette", "128 64\n" },
        { "palette", "" },
        { "names", "sky\nroad\n" },
        { "names", "sky\n\nroad\n" },
        { "names", "" },
        { "list", "a.txt b.txt\n" },
        { "list", "a.txt missing.txt\n" },
        { "list", "# none\n" },
        { "configuration", "DATA:\n  data_root: pictures\n  classes: 3\n" },
        { "configuration", "DATA:\n  classes: 3\n" },
        { "configuration", "DATA:\n  clases: 3\n" },
        { "configuration", "DATA: [\n" },
    };

    [Theory]
    [MemberData(nameof(Libraries.Names), MemberType = typeof(Libraries))]
    public void Every_reader_and_writer_of_files_takes_a_stream_too(string library)
    {
        // A picture's path says by its extension what a stream cannot: it has WritePng and WriteJpeg.
        string[] lacking =
        [
            .. from type in Libraries.Load(library).GetExportedTypes()
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
               where _verbs.Contains(method.Name) && method.GetParameters().Any(one => _files.Contains(one.Name))
               where !type.GetMethods().Any(other => other.Name.StartsWith(method.Name, StringComparison.Ordinal)
                   && other.GetParameters().Any(one => one.ParameterType == typeof(Stream)))
               select $"{type.Name}.{method.Name}",
        ];
        Assert.Empty(lacking);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_read_as_the_file_and_fails_as_the_file(string kind, string text)
    {
        string path = _folder.File("text.txt");
        File.WriteAllText(path, text);
        foreach (string name in (string[])["a.txt", "b.txt"])
            File.WriteAllText(_folder.File(name), "");
        using var stream = new OneWayStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(Outcome(() => FromFile(kind, path)), Outcome(() => FromStream(kind, stream, path)));
        Assert.True(stream.CanRead, "the stream is closed");
    }

    [Fact]
    public void Bytes_are_written_as_to_the_file()
    {
        var confusion = new ConfusionMatrix(2);
        confusion.Add(labels: [0, 0, 1], predictions: [0, 1, 1]);
        SpNetArchitecture small = SpNetArchitecture.Of(classes: 3, stem: [4, 4, 8], planes: [4, 4, 8, 8], blocks: [1, 1, 1, 1]);
        NetworkWeights weights = NetworkWeights.Random(small);
        using var device = Device.Open("cpu");
        using var net = SpNet.Random(small, device);
        Profile profile = net.Profile(new Shape(1, 3, 32, 32), runs: 1, TestContext.Current.CancellationToken);

        string[] names = ["sky", "road"];
        Same(path => ConfusionFile.Write(path, confusion, names), stream => ConfusionFile.Write(stream, confusion, names));
        Same(path => TraceFile.Write(path, profile, "small"), stream => TraceFile.Write(stream, profile, "small"));
        Same(path => weights.ExportOnnx(path, (32, 32)), stream => weights.ExportOnnx(stream, (32, 32)));
        Same(path => SafeTensors.Write(path, _state), stream => SafeTensors.Write(stream, _state));
        Same(path => _labels.Write(path, Palette.Voc), stream => _labels.Write(stream, Palette.Voc));
        Same(_image.Write, _image.WritePng, "a.png");
        Same(_image.Write, _image.WriteJpeg, "a.jpg");
        string file = _folder.File("w.safetensors");
        SafeTensors.Write(file, _state);
        using var opened = WeightsFile.Open(file);
        Same(path => opened.Convert(path), stream => opened.Convert(stream));
    }

    [Fact]
    public void Bytes_are_read_as_from_the_file()
    {
        string png = _folder.File("a.png"), labels = _folder.File("l.png"), weights = _folder.File("w.safetensors");
        _image.Write(png);
        _labels.Write(labels, Palette.Voc);
        SafeTensors.Write(weights, _state);
        Assert.Equal(_image.Pixels, RgbImage.Read(Opened(png), "a").Pixels);
        Assert.Equal(_labels.Labels, LabelMap.Read(Opened(labels), "l").Labels);
        Assert.Equal([1, 2], SafeTensors.Read(Opened(weights), "w")["x"].Floats);
        using var file = WeightsFile.Open(Opened(weights), "w");
        Assert.Equal(["x"], file.Names);

        static OneWayStream Opened(string path) => new(File.ReadAllBytes(path));
    }

    private object FromFile(string kind, string path) => kind switch
    {
        "palette" => Palette.Read(path),
        "names" => ClassNames.Read(path),
        "list" => SampleList.Read(path, _folder.Path),
        _ => ConfigurationReader.Read(path, "epochs=2").Configuration,
    };

    private object FromStream(string kind, Stream stream, string name) => kind switch
    {
        "palette" => Palette.Read(stream, name),
        "names" => ClassNames.Read(stream, name),
        "list" => SampleList.Read(stream, name, _folder.Path),
        _ => ConfigurationReader.Read(stream, name, "epochs=2").Configuration,
    };

    private static string Outcome(Func<object> read)
    {
        try
        {
            object value = read();
            return value is System.Collections.IEnumerable items ? string.Join(' ', items.Cast<object>()) : value.ToString()!;
        }
        catch (SpGpuException error)
        {
            return $"{error.GetType()}: {error.Message}";
        }
    }

    private void Same(Action<string> toFile, Action<Stream> toStream, string name = "file.png")
    {
        toFile(_folder.File(name));
        using var stream = new OneWayStream();
        toStream(stream);
        Assert.True(stream.CanWrite, "the stream is closed");
        Assert.Equal(File.ReadAllBytes(_folder.File(name)), stream.Written);
    }

    /// <summary>As that of a socket: it neither seeks nor has a length.</summary>
    private sealed class OneWayStream(params byte[] content) : Stream
    {
        private readonly MemoryStream _from = new(content), _to = new();
        private bool _closed;

        public override bool CanRead => !_closed;

        public override bool CanWrite => !_closed;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public byte[] Written => _to.ToArray();

        // A few bytes at a time, as they come.
        public override int Read(byte[] buffer, int offset, int count) => _from.Read(buffer, offset, Math.Min(count, 5));

        public override void Write(byte[] buffer, int offset, int count) => _to.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _closed = true;
            base.Dispose(disposing);
        }
    }
}
