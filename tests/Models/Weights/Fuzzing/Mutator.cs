using System.Buffers.Binary;
using System.Text;

namespace SpGpu.Models.Tests.Weights.Fuzzing;

/// <summary>Spoils bytes: flips, overwrites, cuts, repeats, inserts what the formats know, and splices two files.</summary>
internal static class Mutator
{
    private static readonly ulong[] _numbers =
        [0, 1, 2, 63, 64, 255, 256, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1UL << 40, long.MaxValue, 1UL << 63,
            ulong.MaxValue];

    private static readonly byte[][] _tokens = [.. new[]
    {
        "PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "ccollections\nOrderedDict\n", "cos\nsystem\n",
        "ctorch\nHalfStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "(", ")", "}", "]", "a", "e", "s", "u", "t", "R", "b", "Q",
        "N", ".", "h\x00", "q\x00", "K\x00", "J\xff\xff\xff\xff", "X\xff\xff\xff\xff", "r\xff\xff\xff\xff", "\x85", "\x86", "\x87",
        "\x80\x04", "\x81", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "\"", "{", ":", ",", "[", "-1", "1e3", "18446744073709551615",
        "9223372036854775807", "\"dtype\":", "\"F16\"", "\"shape\":[]", "\"data_offsets\":[0,0]", "\"__metadata__\":{}", "\\ud800",
    }.Select(Encoding.Latin1.GetBytes)];

    /// <summary>Gives a spoilt copy of the bytes; <paramref name="other"/> is a file to splice with.</summary>
    public static byte[] Mutate(byte[] bytes, byte[] other, SplitMix random)
    {
        List<byte> result = [.. bytes];
        for (int i = 1 << random.Next(4); i > 0 && result.Count > 0; i--)
            MutateOnce(result, other, random);
        return [.. result];
    }

    /// <summary>Gives a copy of JSON that mostly is JSON still: numbers and types become others.</summary>
    public static byte[] MutateText(byte[] json, SplitMix random)
    {
        List<byte> result = [.. json];
        for (int i = 1 << random.Next(3); i > 0; i--)
        {
            int at = result.FindIndex(random.Next(result.Count), value => value is >= (byte)'0' and <= (byte)'9');
            if (at < 0)
                continue;
            byte digit = (byte)('0' + random.Next(10));
            if (random.Next(4) == 0)
                result.InsertRange(at, Enumerable.Repeat(digit, 1 << random.Next(6)));
            else
                result[at] = digit;
        }
        return [.. result];
    }

    private static void MutateOnce(List<byte> bytes, byte[] other, SplitMix random)
    {
        int at = random.Next(bytes.Count);
        int length = Math.Min(1 + random.Next(1 << random.Next(9)), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)random.Next();
                break;
            case 3 or 4:
                Overwrite(bytes, at, random);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            case 6:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 7:
                bytes.InsertRange(at, random.Pick(_tokens));
                break;
            case 8 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 9 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[random.Next(other.Length)..]);
                break;
            default:
                ReadOnlySpan<byte> token = random.Pick(_tokens);
                for (int i = 0; i < token.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = token[i];
                break;
        }
    }

    /// <summary>Puts a number that tends to break things over 1, 2, 4 or 8 bytes.</summary>
    private static void Overwrite(List<byte> bytes, int at, SplitMix random)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, random.Pick(_numbers) + (ulong)random.Next(3) - 1);
        int width = 1 << random.Next(4);
        for (int i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}
