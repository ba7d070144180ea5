namespace SpGpu.Data.Tests;

public class ResizeTapTests
{
    [Fact]
    public void Twice_as_many_lie_a_quarter_beside_the_centres() =>
        Assert.Equal([new(0, 0, 0.75f), new(0, 1, 0.25f), new(0, 1, 0.75f), new(1, 1, 0.25f)], ResizeTap.Between(2, 4));

    [Fact]
    public void Half_as_many_lie_between_two() => Assert.Equal([new(0, 1, 0.5f), new(2, 3, 0.5f)], ResizeTap.Between(4, 2));

    [Fact]
    public void As_many_are_themselves() =>
        Assert.All(ResizeTap.Between(5, 5).Select((tap, i) => (tap, i)),
            pair => Assert.Equal((pair.i, 0f), (pair.tap.First, pair.tap.Weight)));
}
