using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights.PyTorch;

/// <summary>How tensors lie in their storages, and how they may not.</summary>
public class TorchTensorTests
{
    private const long Big = long.MaxValue;

    private static readonly byte[] _six = PickleBuilder.Floats(0, 1, 2, 3, 4, 5);

    [Theory]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 3, 1 }, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(0, new long[] { 3, 2 }, new long[] { 1, 3 }, new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(1, new long[] { 2, 2 }, new long[] { 3, 1 }, new float[] { 1, 2, 4, 5 })]
    [InlineData(2, new long[] { 4 }, new long[] { 1 }, new float[] { 2, 3, 4, 5 })]
    [InlineData(1, new long[] { 3 }, new long[] { 2 }, new float[] { 1, 3, 5 })]
    [InlineData(1, new long[] { 2, 3 }, new long[] { 0, 1 }, new float[] { 1, 2, 3, 1, 2, 3 })]
    [InlineData(5, new long[] { 3 }, new long[] { 0 }, new float[] { 5, 5, 5 })]
    [InlineData(5, new long[] { }, new long[] { }, new float[] { 5 })]
    [InlineData(5, new long[] { 1, 1 }, new long[] { Big, Big }, new float[] { 5 })]
    [InlineData(0, new long[] { 2, 1, 1 }, new long[] { 4, Big, 7 }, new float[] { 0, 4 })]
    [InlineData(6, new long[] { 0, 3 }, new long[] { 3, 1 }, new float[] { })]
    public void Views_of_any_layout_load(long offset, long[] sizes, long[] strides, float[] expected)
    {
        byte[] pickle = PickleBuilder.Single("0", 6, offset, sizes, strides);
        foreach (byte[] file in new[] { PickleBuilder.Zip(pickle, ("0", _six)), PickleBuilder.Legacy(pickle, ("0", 6, _six)) })
        {
            HostTensor tensor = Reading.Model(file, "memory")["w"];
            Assert.Equal(expected, tensor.Floats);
            Assert.Equal(sizes, tensor.Shape.Select(extent => (long)extent));
        }
    }

    [Theory]
    [InlineData(-1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(7, new long[] { 0 }, new long[] { 1 })]
    [InlineData(Big, new long[] { 2 }, new long[] { Big })]
    [InlineData(1, new long[] { 6 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { 6 })]
    [InlineData(5, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { -1 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 1 })]
    [InlineData(0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 3, 3 }, new long[] { Big, Big })]
    public void A_tensor_outside_its_storage_is_refused(long offset, long[] sizes, long[] strides)
    {
        byte[] pickle = PickleBuilder.Single("0", 6, offset, sizes, strides);
        Assert.Contains("not within its storage", Refusal.Of(PickleBuilder.Zip(pickle, ("0", _six))));
        Assert.Contains("not within its storage", Refusal.Of(PickleBuilder.Legacy(pickle, ("0", 6, _six))));
    }

    [Fact]
    public void Too_many_dimensions_are_refused()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 100)];
        Assert.Contains("at most 64", Refusal.Of(PickleBuilder.Zip(PickleBuilder.Single("0", 6, 0, ones, ones), ("0", _six))));
    }

    [Fact]
    public void Repeating_a_small_storage_without_bound_is_refused()
    {
        byte[] pickle = PickleBuilder.Single("0", 1, 0, [1 << 30], [0]);
        Assert.Contains("clone()", Refusal.Of(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(1)))));
        PickleBuilder many = PickleBuilder.Start().Op("}");
        for (int i = 0; i < 200; i++)
            many.Text($"w{i}").Tensor("0", 1 << 16, 0, [1 << 16], [1]).Op("s");
        Assert.Contains("clone()", Refusal.Of(PickleBuilder.Zip(many.Stop(), ("0", new byte[4 << 16]))));
    }

    [Theory]
    [InlineData("DoubleStorage", "000000000000F83F", 1.5f)]
    [InlineData("BFloat16Storage", "C03F", 1.5f)]
    [InlineData("ShortStorage", "FEFF", -2L)]
    [InlineData("CharStorage", "FE", -2L)]
    [InlineData("BoolStorage", "01", (byte)1)]
    public void Every_storage_has_its_type(string storage, string hex, object value)
    {
        byte[] file = PickleBuilder.Zip(PickleBuilder.Single("0", 1, 0, [1], [1], storage), ("0", Convert.FromHexString(hex)));
        Assert.Equal(value, Reading.Model(file, "memory")["w"].Data.GetValue(0));
    }

    [Fact]
    public void A_storage_described_in_two_ways_is_refused()
    {
        byte[] pickle = PickleBuilder.Start().Op("(").Storage("0", 6).Storage("0", 5).Op("t").Stop();
        Assert.Contains("'0' is described in two ways", Refusal.Of(PickleBuilder.Zip(pickle, ("0", _six))));
    }

    [Fact]
    public void NaN_and_infinity_are_weights_too()
    {
        float[] values = [float.NaN, float.PositiveInfinity, -0f];
        byte[] file = PickleBuilder.Zip(PickleBuilder.Single("0", 3, 0, [3], [1]), ("0", PickleBuilder.Floats(values)));
        Assert.Equal(values, Reading.Model(file, "memory")["w"].Floats);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void A_storage_of_another_length_than_announced_is_refused(int floats)
    {
        byte[] pickle = PickleBuilder.Single("0", 6, 0, [6], [1]);
        byte[] data = PickleBuilder.Floats(new float[floats]);
        Assert.Contains("should have 24", Refusal.Of(PickleBuilder.Zip(pickle, ("0", data))));
        Assert.Contains("6 elements", Refusal.Of(PickleBuilder.Legacy(pickle, ("0", floats, data))));
    }
}
