using System.Globalization;
using System.Text.RegularExpressions;
using SpGpu.Checks;
using SpGpu.CudaDriver.Tool;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>
/// The cases that use much of their tolerance on the CUDA driver without a GPU, and the instructions by which they round: a
/// change of either is seen in review.
/// </summary>
public sealed partial class RoundingTests
{
    /// <summary>The part of a tolerance from which a case is listed.</summary>
    private const double Notable = 0.1;

    private static readonly string[] _head = ["case", "part", "rounded by"];

    [Fact]
    public void Parts_of_tolerances_are_those_of_the_table()
    {
        TestDevice.SkipUnlessCudaWithoutGpu();
        Table.Check("rounding.tsv", _head,
            OperatorCases.UpTo(CaseSize.Tiny).GroupBy(@case => @case.Specification.GetType()).SelectMany(Rows));
    }

    private static string[][] Rows(IEnumerable<OperatorCase> cases)
    {
        Counter counter = Counter.Find()!;
        using Device device = Device.Open("cuda:0");
        return
        [
            .. from @case in cases
               let result = OperatorCheck.Run(device, @case)
               let part = result.Tolerance > 0 ? result.Error / result.Tolerance : 0
               where part > Notable
               let rounded = string.Join(' ', Roundings(counter, device, @case))
               select (string[])[@case.Name, part.ToString("F2", CultureInfo.InvariantCulture), rounded],
        ];
    }

    private static IEnumerable<string> Roundings(Counter counter, Device device, OperatorCase @case) =>
        CaseProfiles.Of(counter, device, @case).SelectMany(profile => profile.Opcodes).Where(opcode => Rounding().IsMatch(opcode))
            .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^(add|sub|mul|fma|div|rcp|sqrt|ex2|lg2)\..*f32$|^mma\.")]
    private static partial Regex Rounding();
}
