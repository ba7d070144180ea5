using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>
/// No kernel divides: ILGPU compiles an integer division by a power of two to an arithmetic shift, and in IL a division
/// of floats looks the same. Floats are divided by <see cref="KernelMath.Divide"/>, which may.
/// </summary>
public sealed class DivisionTests
{
    private static readonly OpCode[] _divisions = [OpCodes.Div, OpCodes.Div_Un, OpCodes.Rem, OpCodes.Rem_Un];
    private static readonly MethodInfo _divide = typeof(KernelMath).GetMethod(nameof(KernelMath.Divide), [typeof(float), typeof(float)])!;

    public static TheoryData<string> Kernels => KernelCatalog.Names;

    [Theory, MemberData(nameof(Kernels))]
    public void No_kernel_divides(string name) => Assert.Empty(Dividers(KernelCatalog.Find(name).Method));

    [Fact]
    public void A_planted_division_is_found()
    {
        Assert.Equal([nameof(Half.Of)], Dividers(Find(nameof(Planted)).MakeGenericMethod(typeof(Half))));
        Assert.Empty(Dividers(Find(nameof(Clean))));
    }

    /// <summary>Those that kernels do not call yet as well.</summary>
    [Fact]
    public void No_other_function_of_kernels_divides() =>
        Assert.Empty(typeof(KernelMath).GetMethods(BindingFlags.Static | BindingFlags.Public).SelectMany(Dividers));

    private static IEnumerable<string> Dividers(MethodBase kernel) =>
        from method in IlReader.Reachable(kernel)
        where method != _divide
        where IlReader.Read(method).Any(instruction => _divisions.Contains(instruction.Code))
        select method.Name;

    private static MethodInfo Find(string name) => typeof(DivisionTests).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static void Planted<TFunction>(ArrayView<int> x)
        where TFunction : struct, IPlanted => x[0] = default(TFunction).Of(x[1]);

    private static void Clean(ArrayView<float> x) => x[0] = KernelMath.Divide(x[1], 2f);

    private interface IPlanted
    {
        int Of(int x);
    }

    private struct Half : IPlanted
    {
        public readonly int Of(int x) => x / 2;
    }
}
