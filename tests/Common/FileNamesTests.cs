using Xunit;

namespace SpGpu.Common.Tests;

public sealed class FileNamesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("CON", true)]
    [InlineData("nul.png", true)]
    [InlineData("aux.tar.gz", true)]
    [InlineData("Com1.jpg", true)]
    [InlineData("LPT9 .txt", true)]
    [InlineData("conin$", true)]
    [InlineData("com", false)]
    [InlineData("com10.png", false)]
    [InlineData("comb", false)]
    [InlineData("console.png", false)]
    [InlineData("_con.png", false)]
    [InlineData("", false)]
    public void NamesOfDevicesAreKnown(string name, bool isReserved) => Assert.Equal(isReserved, FileNames.IsReserved(name));

    [Theory]
    [InlineData(@"\\.\NUL", true)]
    [InlineData(@"\\.\pipe\a", true)]
    [InlineData(@"\\.\C:\a", false)]
    [InlineData(@"\\?\C:\a", false)]
    [InlineData(@"C:\a", false)]
    public void DevicesAreToldFromFiles(string path, bool isDevice) => Assert.Equal(isDevice, FileNames.IsDevice(path));

    [Fact]
    public void NamesThatWindowsWouldChangeAreRefusedThere()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "needs Windows");
        foreach (string name in (string[])["a.", "a ", "nul.png", "com1.json"])
        {
            OutputException error =
                Assert.Throws<OutputException>(() => AtomicFile.Write(Path.Combine(_folder, name), stream => stream.Write([1])));
            Assert.Contains("give another one", error.Message, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        AtomicFile.Write("NUL", stream => stream.Write([1]));
        Assert.Contains("device", Assert.Throws<IOException>(() => SharedFile.Open(Path.Combine(_folder, "con.png"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AReaderDoesNotHinderReplacing()
    {
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        using (FileStream read = SharedFile.Open(path))
        {
            // Where a file system cannot replace what is open, the file is free again before patience ends.
            using var timer = new Timer(_ => read.Dispose(), null, 1000, Timeout.Infinite);
            AtomicFile.Write(path, stream => stream.Write([1]));
        }
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void AFileThatAnotherProgramHoldsForAMomentIsRead()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "nothing hinders reading elsewhere");
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using (var timer = new Timer(_ => held.Dispose(), null, 500, Timeout.Infinite))
        using (FileStream read = SharedFile.Open(path))
            Assert.Equal(7, read.ReadByte());
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Throws<IOException>(() => SharedFile.OpenHandle(path));
    }

    [Fact]
    public void AFileThatAnotherProgramHoldsForAMomentIsReplaced()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "nothing hinders replacing elsewhere");
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, [7]);
        FileStream held = File.OpenRead(path);
        using var timer = new Timer(_ => held.Dispose(), null, 500, Timeout.Infinite);
        AtomicFile.Write(path, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(path));
        using (File.OpenRead(path))
        {
            OutputException error = Assert.Throws<OutputException>(() => AtomicFile.Write(path, stream => stream.Write([2])));
            Assert.Equal($"cannot write '{path}': another program holds it open; close that, or name another file", error.Message);
        }
        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }
}
