using SpGpu.Models.Tests.Weights.Fuzzing;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class FuzzTests
{
    private const int Cases = 10_000;
    private const ulong Seed = 20200610;

    [Theory]
    [InlineData("safetensors")]
    [InlineData("zip")]
    [InlineData("legacy")]
    [InlineData("onnx")]
    public void Spoilt_files_load_or_end_in_one_clear_error(string target)
    {
        var fuzzer = new WeightsFuzzer(Fixtures.Folder);
        int accepted = 0;
        for (int number = 0; number < Cases; number++)
            accepted += fuzzer.Run(target, Seed, number) ? 1 : 0;
        // If all or none were taken, the mutations would not reach what they are to test.
        Assert.InRange(accepted, Cases / 100, Cases * 9 / 10);
    }
}
