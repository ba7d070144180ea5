using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>Files on a disk that fails.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    private string Target => Path.Combine(_folder, "a");

    public void Dispose()
    {
        Disk.Current = null;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void TheContentIsFlushedBeforeTheNameChangesAndTheFolderAfterwards()
    {
        var disk = new RecordingDisk(Target);
        Disk.Current = disk;
        AtomicFile.Write(Target, stream => stream.Write([1, 2]));
        AtomicFile.Write(Target, stream => stream.Write([3, 4, 5]));
        // What was flushed, and how long the file was that had the name then.
        Assert.Equal(
            OperatingSystem.IsWindows()
                ? [("content of 2", 0), ("content of 3", 2)]
                : [("content of 2", 0), (_folder, 2), ("content of 3", 2), (_folder, 3)],
            disk.Moments);
    }

    /// <summary>At each of the flushes of ten files, which replace one another.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFailureLeavesWhatWasThere(bool isThere)
    {
        int flushes = OperatingSystem.IsWindows() ? 1 : 2;
        for (int moment = 0; moment < 10 * flushes; moment++)
        {
            if (isThere)
                File.WriteAllBytes(Target, [7]);
            Disk.Current = new FailingDisk(moment);
            for (int write = 0; write < 10; write++)
            {
                byte[]? before = File.Exists(Target) ? File.ReadAllBytes(Target) : null;
                if (write != moment / flushes)
                {
                    AtomicFile.Write(Target, stream => stream.Write([(byte)write]));
                    Assert.Equal([(byte)write], File.ReadAllBytes(Target));
                    continue;
                }
                OutputException error =
                    Assert.Throws<OutputException>(() => AtomicFile.Write(Target, stream => stream.Write([(byte)write])));
                Assert.StartsWith($"cannot write '{Target}': the disk", error.Message, StringComparison.Ordinal);
                Assert.Equal(before, File.Exists(Target) ? File.ReadAllBytes(Target) : null);
                Assert.Equal(before is null ? 0 : 1, Directory.GetFileSystemEntries(_folder).Length);
            }
            File.Delete(Target);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AFolderIsFlushedIfItIsThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a journal instead");
        Disk.Current.FlushFolder(_folder);
        Assert.Throws<IOException>(() => Disk.Current.FlushFolder(Path.Combine(_folder, "none")));
    }

    private sealed class FailingDisk(int moment) : Disk
    {
        private int _next;

        public override void Flush(SafeFileHandle file) => FailInTime();

        [UnsupportedOSPlatform("windows")]
        public override void FlushFolder(string folder) => FailInTime();

        private void FailInTime()
        {
            if (_next++ == moment)
                throw new IOException("the disk is gone");
        }
    }

    private sealed class RecordingDisk(string target) : Disk
    {
        public List<(string What, long Length)> Moments { get; } = [];

        public override void Flush(SafeFileHandle file) => Add($"content of {RandomAccess.GetLength(file)}");

        [UnsupportedOSPlatform("windows")]
        public override void FlushFolder(string folder) => Add(folder);

        private void Add(string what) => Moments.Add((what, File.Exists(target) ? new FileInfo(target).Length : 0));
    }
}
