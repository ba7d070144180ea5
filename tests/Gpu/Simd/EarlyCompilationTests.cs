using System.Runtime;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

public sealed class EarlyCompilationTests
{
    /// <summary>An exception on its thread would end the process.</summary>
    [Fact]
    public void Every_loop_is_compiled_and_the_second_time_none()
    {
        EarlyCompilation.Compile();
        long compiled = JitInfo.GetCompiledMethodCount(currentThread: true);
        EarlyCompilation.Compile();
        Assert.InRange(JitInfo.GetCompiledMethodCount(currentThread: true) - compiled, 0, 5);
    }
}
