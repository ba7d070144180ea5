using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class TruncationTests
{
    [Theory]
    [InlineData("sd_zip.pth")]
    [InlineData("sd_legacy.pth")]
    [InlineData("expected_sd.safetensors")]
    public void A_file_cut_at_any_byte_is_refused(string file)
    {
        byte[] bytes = Fixtures.Bytes(file);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            Refusal.Of(cut);
            Refusal.Of(() => Reading.Checkpoint(cut, "bad.file"));
            Refusal.Of(() => Reading.SafeTensors(cut, "bad.file"));
        }
    }

    [Theory]
    [InlineData("sd_zip.pth")]
    [InlineData("sd_legacy.pth")]
    [InlineData("expected_sd.safetensors")]
    public void Bytes_after_the_end_are_refused(string file) => Refusal.Of([.. Fixtures.Bytes(file), 0]);
}
