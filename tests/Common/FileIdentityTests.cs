using Xunit;

namespace SpGpu.Common.Tests;

public sealed class FileIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OneFileIsOneUnderEveryText()
    {
        string a = Make("a"), b = Make("b");
        Assert.True(FileIdentity.AreSame(a, a));
        Assert.True(FileIdentity.AreSame(a, Path.Combine(_folder, "none", "..", "a")));
        Assert.True(FileIdentity.AreSame(a, Path.Combine(_folder, "A")));
        Assert.True(FileIdentity.AreSame(a, Path.GetRelativePath(Environment.CurrentDirectory, a)));
        Assert.False(FileIdentity.AreSame(a, b));
        Assert.False(FileIdentity.AreSame(a, _folder));
    }

    [Fact]
    public void WhatIsNotThereIsKnownByItsPlace()
    {
        string a = Path.Combine(_folder, "x", "a");
        Assert.True(FileIdentity.AreSame(a, Path.Combine(_folder, "X", "A")));
        Assert.False(FileIdentity.AreSame(a, Path.Combine(_folder, "x", "b")));
        Assert.False(FileIdentity.AreSame(a, Path.Combine(_folder, "a")));
    }

    [Fact]
    public void AFileThatWasReplacedIsKnownByItsPlace()
    {
        string a = Make("a");
        FileIdentity before = FileIdentity.Of(a);
        AtomicFile.Write(a, stream => stream.Write([1]));
        Assert.True(before.IsThatOf(FileIdentity.Of(a)));
    }

    [Fact]
    public void LinksLeadToTheFileAndHardLinksAreIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string a = Make("a"), folder = Directory.CreateDirectory(Path.Combine(_folder, "folder")).FullName;
        string link = Path.Combine(folder, "link"), hard = Path.Combine(folder, "hard"), place = Path.Combine(_folder, "place");
        File.CreateSymbolicLink(link, Path.Combine("..", "a"));
        Assert.True(SpecialFile.TryLink(a, hard));
        Directory.CreateSymbolicLink(place, "folder");
        Assert.True(FileIdentity.AreSame(a, link));
        Assert.True(FileIdentity.AreSame(a, hard));
        Assert.True(FileIdentity.AreSame(Path.Combine(folder, "new"), Path.Combine(place, "NEW")));
        Assert.False(FileIdentity.AreSame(Path.Combine(folder, "new"), Path.Combine(_folder, "new")));
    }

    [Fact]
    public void WindowsHasManyNamesForOneFile()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "needs Windows");
        string a = Make("a"), missing = Path.Combine(_folder, "b");
        Assert.True(FileIdentity.AreSame(a, @"\\?\" + a));
        Assert.True(FileIdentity.AreSame(a, @"\\.\" + a));
        Assert.True(FileIdentity.AreSame(missing, @"\\?\" + missing));
        Assert.False(FileIdentity.AreSame(a, @"\\?\" + missing));
    }

    private string Make(string name)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, []);
        return path;
    }
}
