using Xunit;

namespace SpGpu.Common.Tests;

public sealed class TemporaryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatAProcessThatIsGoneHasLeftGoesWithTheNextFile()
    {
        string left = Path.Combine(_folder, ".spgpu-0123456789.tmp"), mine = Path.Combine(_folder, ".spgpu-mine.tmp"),
            a = Path.Combine(_folder, "a");
        File.WriteAllBytes(left, [1]);
        File.WriteAllBytes(mine, [1]);
        AtomicFile.Write(a, _ => { });
        Assert.Equal([mine, a], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatIsBeingWrittenStays()
    {
        string path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, stream =>
        {
            Assert.Single(Directory.GetFiles(_folder));
            TemporaryFile.RemoveLeftovers(_folder);
            Assert.Single(Directory.GetFiles(_folder));
            stream.Write([1]);
        });
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public async Task WritersAndTidyingGoTogether()
    {
        using var stop = new CancellationTokenSource();
        Task tidy = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                TemporaryFile.RemoveLeftovers(_folder);
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++)
                AtomicFile.Write(Path.Combine(_folder, $"{writer}-{i % 3}"), stream => stream.Write([(byte)i]));
        }, TestContext.Current.CancellationToken)));
        await stop.CancelAsync();
        await tidy;
        Assert.Equal(6, Directory.GetFiles(_folder).Length);
    }
}
