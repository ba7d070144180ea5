using System.Text;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class SafeTensorsTests
{
    [Theory]
    // The header as a whole.
    [InlineData("""[]""", 0, "does not start with '{'")]
    [InlineData(""" {}""", 0, "does not start with '{'")]
    [InlineData("\uFEFF{}", 0, "does not start with '{'")]
    [InlineData("""{""", 0, "not the JSON")]
    [InlineData("""{}}""", 0, "not the JSON")]
    [InlineData("""{"a":1}""", 0, "not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""", 4, "not the JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{}""", 1, "its tensors take 0 bytes and it holds 1")]
    // Names and fields.
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0,
        "'a' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "not text")]
    [InlineData("""{"__metadata__":{"k":null}}""", 0, "not text")]
    [InlineData("""{"__metadata__":{"k":"a","k":"b"}}""", 0, "'k' twice")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "'dtype' of tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":[[1]]}}""", 4, "'x' of tensor 'a'")]
    // Types.
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "'f32'")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "'F8_E4M3'")]
    [InlineData("""{"a":{"dtype":"1","shape":[1],"data_offsets":[0,4]}}""", 4, "'1'")]
    // Numbers.
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "not a list")]
    // Sizes.
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "more elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,0],"data_offsets":[0,0]}}""", 0, "more elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "not what its type and shape need")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "not what its type and shape need")]
    // Places.
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "starts at byte 4 where 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6,
        "starts at byte 2 where 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "starts at byte 0 where 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}""", 9,
        "starts at byte 5 where 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "take 4 bytes and it holds 3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "take 4 bytes and it holds 5")]
    public void Breaking_a_rule_is_refused(string header, int dataLength, string problem) =>
        Assert.Contains(problem, Refuse(File(header, new byte[dataLength])));

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(11UL)]
    [InlineData(100_000_001UL)]
    [InlineData(1UL << 31)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void A_lying_header_length_is_refused_without_taking_memory(ulong length)
    {
        byte[] file = [.. BitConverter.GetBytes(length), .. "{}        "u8];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Deep_nesting_and_broken_text_are_refused()
    {
        Assert.Contains("not the JSON", Refuse(File("{\"a\":{\"shape\":" + new string('[', 100_000), [])));
        Assert.Contains("not UTF-8", Refuse([.. BitConverter.GetBytes(4L), (byte)'{', (byte)'"', 0xC0, 0x80]));
        string shape = string.Join(",", Enumerable.Repeat(1, 65));
        Assert.Contains("at most 64", Refuse(File($$$"""{"a":{"dtype":"U8","shape":[{{{shape}}}],"data_offsets":[0,1]}}""", [0])));
    }

    [Fact]
    public void Unordered_data_scalars_empty_shapes_and_blanks_are_legal()
    {
        StateDict tensors = Read(
            """{"b":{"dtype":"U8","shape":[],"data_offsets":[4,5]},"e":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]}""" +
            """,  "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """,
            [0, 0, 0x80, 0x3F, 7]);
        Assert.Equal(["b", "e", "a"], tensors.Names);
        Assert.Equal([1f], tensors["a"].Floats);
        Assert.Equal(new byte[] { 7 }, tensors["b"].Data);
        Assert.Empty(tensors["b"].Shape);
        Assert.Equal([3, 0], tensors["e"].Shape);
        Assert.Empty(Read("{}", []));
    }

    [Theory]
    [InlineData("F64", "000000000000F83F", 1.5f)]
    [InlineData("F16", "003E", 1.5f)]
    [InlineData("BF16", "C03F", 1.5f)]
    [InlineData("F32", "0000807F", float.PositiveInfinity)]
    [InlineData("I64", "FEFFFFFFFFFFFFFF", -2L)]
    [InlineData("I32", "FEFFFFFF", -2L)]
    [InlineData("I16", "FEFF", -2L)]
    [InlineData("I8", "FE", -2L)]
    [InlineData("U64", "FEFFFFFFFFFFFF7F", long.MaxValue - 1)]
    [InlineData("U32", "FEFFFFFF", 4294967294L)]
    [InlineData("U16", "FEFF", 65534L)]
    [InlineData("U8", "FE", (byte)254)]
    [InlineData("BOOL", "01", (byte)1)]
    public void Every_type_is_converted(string type, string hex, object value)
    {
        byte[] data = Convert.FromHexString(hex);
        StateDict tensors = Read($$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        Assert.Equal(value, tensors["a"].Data.GetValue(0));
    }

    [Fact]
    public void A_U64_beyond_64_bits_with_a_sign_is_refused() => Assert.Contains(
        "18446744073709551615",
        Refuse(File("""{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", [255, 255, 255, 255, 255, 255, 255, 255])));

    [Fact]
    public void A_hundred_thousand_small_tensors_load()
    {
        var header = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++)
            header.Append(i == 0 ? "" : ",").Append($$"""
                "t{{i}}":{"dtype":"U8","shape":[1],"data_offsets":[{{i}},{{i + 1}}]}
                """);
        Assert.Equal(100_000, Read(header.Append('}').ToString(), new byte[100_000]).Count);
    }

    [Fact]
    public void A_name_with_a_line_break_does_not_break_the_message() => Assert.Contains(
        "'a\\u000ab'", Refuse(File("""{"a\nb":{"dtype":"X","shape":[1],"data_offsets":[0,4]}}""", new byte[4])));

    [Fact]
    public void A_long_name_is_cut_between_letters()
    {
        string header = $$$"""{"{{{new string('x', 99)}}}😀\u202e":{"dtype":"X","shape":[1],"data_offsets":[0,4]}}""";
        Assert.Contains($"'{new string('x', 99)}...'", Refuse(File(header, new byte[4])), StringComparison.Ordinal);
        Assert.Contains("'写😀\\u202e'", Refuse(File("""{"写😀\u202e":{"dtype":"X","shape":[1],"data_offsets":[0,4]}}""", new byte[4])),
            StringComparison.Ordinal);
    }

    private static string Refuse(byte[] file) => Refusal.Of(() => Reading.SafeTensors(file, "bad.file"));

    private static StateDict Read(string header, byte[] data) => Reading.SafeTensors(File(header, data), "memory");

    private static byte[] File(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes(json.LongLength), .. json, .. data];
    }
}
