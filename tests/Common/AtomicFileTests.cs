using Xunit;

namespace SpGpu.Common.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AFileIsReplacedAsAWhole()
    {
        string path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));
        AtomicFile.Write(path, stream => stream.Write([4]));
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void AWriterThatFailsLeavesWhatWasThere()
    {
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidDataException("half way");
        }));
        OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device.")));
        Assert.Contains($"'{path}': No space left on device;", error.Message, StringComparison.Ordinal);
        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void PlacesThatCannotBeWrittenAreNamed()
    {
        Assert.Contains("is a folder", Assert.Throws<OutputException>(() => AtomicFile.Write(_folder, _ => { })).Message, StringComparison.Ordinal);
        string missing = Path.Combine(_folder, "no", "a");
        OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(missing, _ => { }));
        Assert.StartsWith($"cannot write '{missing}': its folder does not exist;", error.Message, StringComparison.Ordinal);
        Assert.Throws<OutputException>(() => AtomicFile.Write("", _ => { }));
        Assert.Throws<OutputException>(() => AtomicFile.Write(Path.Combine(_folder, new string('n', 5000)), _ => { }));
    }
}
