using System.Text;
using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>Published check values.</summary>
public sealed class ChecksumTests
{
    [Fact]
    public void Crc32OfTheCheckString()
    {
        byte[] text = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xCBF43926u, ~Crc32.Add(Crc32.Start, text));
        Assert.Equal(0xCBF43926u, ~Crc32.Add(Crc32.Add(Crc32.Start, text.AsSpan(0, 1)), text.AsSpan(1)));
    }

    [Fact]
    public void SplitMix64FromSeedZero()
    {
        Assert.Equal(0xE220A8397B1DCDAFul, SplitMix64.Mix(SplitMix64.Step));
        Assert.Equal(0x6E789E6AA1B965F4ul, SplitMix64.Mix(unchecked(2 * SplitMix64.Step)));
        Assert.Equal(1 - Math.Pow(2, -53), SplitMix64.ToUnit(ulong.MaxValue));
    }
}
