using Google.Protobuf;

namespace SpGpu.Onnx.Tests;

/// <summary>Reads back which operators a file has.</summary>
internal static class OnnxNodes
{
    /// <summary>The operators in order.</summary>
    public static string[] Types(byte[] model) =>
        [.. Fields(Fields(model, 7).Single(), 1).Select(node => System.Text.Encoding.UTF8.GetString(Fields(node, 4).Single()))];

    /// <summary>The contents of the length-delimited fields of one number.</summary>
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is uint tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }
        return found;
    }
}
