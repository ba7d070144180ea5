using System.Diagnostics;
using SpGpu.Data;
using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Models.Tests;

public sealed class DisposalTests
{
    /// <summary>
    /// Each round takes about 20 MB and three threads, so a leak of weights, plans, frames, scratch or threads would
    /// show.
    /// </summary>
    [Fact]
    public void DisposalGivesEverythingBack()
    {
        SpNetArchitecture architecture = SpNetArchitecture.Of(5, [8, 8, 16], [32, 64, 128, 128], [1, 1, 1, 1]);
        var image = new RgbImage(new byte[3 * 200 * 200], 200, 200, 600, PixelOrder.Rgb);
        long memory = 0;
        int threads = 0;
        for (int round = 0; round < 24; round++)
        {
            using (var device = Device.Open("cpu", new() { Threads = 4 }))
            using (SpNet net = SpNet.Random(architecture, device))
            {
                net.Segment(image);
                net.Segment(image, new() { Window = 128, Flip = true });
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            // The first rounds load code and fill the allocator's pools.
            if (round == 7)
                (memory, threads) = (process.PrivateMemorySize64, process.Threads.Count);
            else if (round == 23)
            {
                Assert.InRange(process.PrivateMemorySize64 - memory, long.MinValue, 16 * 5_000_000L);
                Assert.InRange(process.Threads.Count - threads, int.MinValue, 16 * 3 / 2);
            }
        }
    }
}
