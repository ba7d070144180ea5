using System.Runtime.Versioning;
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
        OutputException error =
            Assert.Throws<OutputException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device.")));
        Assert.Contains($"'{path}': No space left on device;", error.Message, StringComparison.Ordinal);
        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void PlacesThatCannotBeWrittenAreNamed()
    {
        Assert.Contains("is a folder", Assert.Throws<OutputException>(() => AtomicFile.Write(_folder, _ => { })).Message,
            StringComparison.Ordinal);
        string missing = Path.Combine(_folder, "no", "a");
        OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(missing, _ => { }));
        Assert.StartsWith($"cannot write '{missing}': its folder does not exist;", error.Message, StringComparison.Ordinal);
        Assert.Throws<OutputException>(() => AtomicFile.Write("", _ => { }));
        Assert.Throws<OutputException>(() => AtomicFile.Write(Path.Combine(_folder, new string('n', 5000)), _ => { }));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void EveryNameThatAFolderTakesCanBeWritten()
    {
        string path = Path.Combine(_folder, new string('n', 255));
        AtomicFile.Write(path, stream => stream.Write([1]));
        AtomicFile.Write(path, stream => stream.Write([2]));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void AFileThatMayNotBeWrittenIsRefusedAndStays()
    {
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        var file = new FileInfo(path) { IsReadOnly = true };
        OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(path, stream => stream.Write([1])));
        Assert.Equal($"cannot write '{path}': it is write-protected; change its rights or name another file", error.Message);
        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
        file.IsReadOnly = false;
        AtomicFile.Write(path, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AFileKeepsItsMode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no mode on Windows");
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        foreach (UnixFileMode mode in (UnixFileMode[])[(UnixFileMode)0b110_000_000, (UnixFileMode)0b111_111_111,
            (UnixFileMode)0b110_110_110])
        {
            File.SetUnixFileMode(path, mode);
            AtomicFile.Write(path, stream => stream.Write([1]));
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void LinksAreFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string target = Path.Combine(_folder, "real", "a"), other = Directory.CreateDirectory(Path.Combine(_folder, "links")).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        string inner = Path.Combine(other, "inner"), link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(inner, Path.Combine("..", "real", "a"));
        File.CreateSymbolicLink(link, Path.Combine("links", "inner"));
        foreach (byte content in (byte[])[1, 2])
        {
            // Once where there is nothing yet, and once over a file.
            AtomicFile.Write(link, stream => stream.Write([content]));
            Assert.Equal([content], File.ReadAllBytes(target));
            Assert.NotNull(new FileInfo(link).LinkTarget);
            Assert.NotNull(new FileInfo(inner).LinkTarget);
        }
        Assert.Equal(3, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void ACircleOfLinksIsNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string link = Path.Combine(_folder, "a");
        File.CreateSymbolicLink(link, "b");
        File.CreateSymbolicLink(Path.Combine(_folder, "b"), "a");
        Assert.Contains("circle", Assert.Throws<OutputException>(() => AtomicFile.Write(link, _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APipeIsWrittenTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs pipes with a place in a folder");
        string path = Path.Combine(_folder, "pipe");
        SpecialFile.MakePipe(path);
        // On another thread, because opening waits for the other end.
        Task<byte[]> read = Task.Run(() => File.ReadAllBytes(path), TestContext.Current.CancellationToken);
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));
        Assert.Equal(FileKind.Device, FileKinds.Of(path));
        Assert.Equal([1, 2, 3], await read);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void ADeviceIsWrittenTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs devices with a place in a folder");
        string path = Path.Combine(_folder, "null"), full = Path.Combine(_folder, "full"), link = Path.Combine(_folder, "link");
        Assert.SkipUnless(OperatingSystem.IsLinux() && SpecialFile.TryMakeDevice(path, 1, 3) && SpecialFile.TryMakeDevice(full, 1, 7),
            "needs the right to make devices");
        File.CreateSymbolicLink(link, path);
        AtomicFile.Write(path, stream => stream.Write([1]));
        AtomicFile.Write(link, stream => stream.Write([1]));
        OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(full, stream => stream.Write([1])));
        Assert.Equal($"cannot write '{full}': no space is left on the disk; make space, or name another place", error.Message);
        Assert.Equal(FileKind.Device, FileKinds.Of(path));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
    }
}
