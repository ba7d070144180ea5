using CsCheck;
using SpGpu.Layers.Plans;
using Xunit;

namespace SpGpu.Layers.Tests;

public sealed class MemoryPlannerTests
{
    private static readonly Gen<(int Length, int First, int Life)[]> _lives =
        Gen.Select(Gen.Int[1, 1000], Gen.Int[0, 20], Gen.Int[0, 6]).Array[1, 40];

    [Fact]
    public void NothingAliveAtOnceOverlaps() => _lives.Sample(lives =>
    {
        Allocation[] allocations = [.. lives.Select(life => new Allocation(life.Length, life.First) { LastStep = life.First + life.Life })];
        int length = MemoryPlanner.Place(allocations);
        for (int i = 0; i < allocations.Length; i++)
        {
            Allocation a = allocations[i];
            if (a.Offset % 64 != 0 || a.Offset < 0 || a.Offset + a.Length > length)
                return false;
            for (int j = 0; j < i; j++)
            {
                Allocation b = allocations[j];
                bool together = a.FirstStep <= b.LastStep && b.FirstStep <= a.LastStep;
                if (together && a.Offset < b.Offset + b.Length && b.Offset < a.Offset + a.Length)
                    return false;
            }
        }
        return true;
    });

    [Fact]
    public void MemoryIsUsedAgain()
    {
        Allocation[] chain = [.. Enumerable.Range(0, 10).Select(i => new Allocation(64, i) { LastStep = i + 1 })];
        Assert.Equal(128, MemoryPlanner.Place(chain));
    }

    [Fact]
    public void BytesLieWhereTheirOffsetsFitAnInteger()
    {
        var labels = new Allocation(1000, 0, holdsBytes: true) { LastStep = 1 };
        var large = new Allocation(1_500_000_000, 0) { LastStep = 1 };
        MemoryPlanner.Place([large, labels]);
        Assert.Equal(0, labels.Offset);
        Assert.Equal(1024, large.Offset);
    }

    [Fact]
    public void MoreThanAnAddressableBlockIsAnError() =>
        Assert.Throws<ShapeException>(() => MemoryPlanner.Place([new Allocation(int.MaxValue - 100, 0), new Allocation(1000, 0)]));
}
