using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Requires that bytes are refused, with one line that names the file.</summary>
internal static class Refusal
{
    public static string Of(byte[] bytes) => Of(() => Reading.Model(bytes, "bad.file"));

    public static string Of(Action read)
    {
        string message = Assert.Throws<WeightsException>(read).Message;
        Assert.Contains("'bad.file'", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
