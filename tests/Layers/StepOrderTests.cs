using SpGpu.Layers.Plans;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Which steps wait for which.</summary>
public sealed class StepOrderTests
{
    [Fact]
    public void Readers_wait_for_the_writer_and_the_next_writer_for_the_readers() =>
        Assert.Equal([[], [0], [0], [2, 1]], After([W(0, 4)], [R(0, 2)], [R(2, 4)], [W(1, 3)]));

    [Fact]
    public void Those_that_touch_nothing_in_common_wait_for_nothing() =>
        Assert.Equal([[], [], []], After([W(0, 4), R(8, 9)], [W(4, 8), R(8, 9)], [R(8, 9)]));

    [Fact]
    public void What_comes_before_another_one_is_not_said_again() =>
        Assert.Equal([[], [0], [1]], After([W(0, 4)], [R(0, 4), W(4, 8)], [R(0, 8), W(8, 9)]));

    [Fact]
    public void Those_that_may_run_side_by_side_have_workspace_of_their_own()
    {
        // Two branches of two steps, joined; then one more.
        int[][] after = [[], [0], [], [2], [1, 3], [4]];
        Allocation?[] places = StepOrder.Workspace(after, [64, 64, 64, 64, 0, 64]);
        Assert.Equal([(0, 0), (1, 3), (2, 2), (3, 3), (5, 5)],
            places.OfType<Allocation>().Select(place => (place.FirstStep, place.LastStep)));
        Assert.Null(places[4]);
        Assert.True(Touch.Of(places[0]!).Meets(Touch.Of(places[5]!)));
    }

    private static Touch R(long first, long end) => new(null, 100 + first, 100 + end, Writes: false);

    private static Touch W(long first, long end) => new(null, 100 + first, 100 + end, Writes: true);

    private static int[][] After(params Touch[][] touches) => StepOrder.After(touches);
}
