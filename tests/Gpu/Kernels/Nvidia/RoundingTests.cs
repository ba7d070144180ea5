using System.Globalization;
using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using SpGpu.Checks;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>
/// How much of its tolerance each operator uses on the CUDA driver without a GPU, and by which instructions it rounds: a change
/// of either is seen in review.
/// </summary>
public sealed partial class RoundingTests
{
    /// <summary>The part of a tolerance from which an operator is listed.</summary>
    private const double Notable = 0.1;

    private static readonly string[] _head = ["operator", "cases", "beyond a tenth", "largest part", "rounded by"];

    [Fact]
    public void Parts_of_tolerances_are_those_of_the_table()
    {
        TestDevice.SkipUnlessCudaWithoutGpu();
        Table.Check("rounding.tsv", _head, OperatorCases.UpTo(CaseSize.Tiny).GroupBy(@case => @case.Specification.GetType().Name)
            .Select(cases => Row(cases.Key, [.. cases])).OfType<string[]>());
    }

    private static string[]? Row(string name, OperatorCase[] cases)
    {
        // Its kernels alone.
        using var device = (KernelDevice)Device.Open("cuda:0");
        double[] parts = [.. cases.Select(@case => Part(device, @case))];
        return parts.Max() <= Notable
            ? null
            : [name, Text(cases.Length), Text(parts.Count(part => part > Notable)), Text(parts.Max()),
                string.Join(' ', Instructions(device))];
    }

    private static double Part(Device device, OperatorCase @case)
    {
        CheckResult result = OperatorCheck.Run(device, @case);
        return result.Tolerance > 0 ? result.Error / result.Tolerance : 0;
    }

    private static IEnumerable<string> Instructions(KernelDevice device) =>
        device.Loaded.Select(method => new KernelVariant(method, new()).Name)
            .SelectMany(name => Rounding().Matches(KernelText.Ptx(KernelCatalog.Find(name), CudaArchitecture.SM_80)))
            .Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static string Text(double part) => part.ToString("F2", CultureInfo.InvariantCulture);

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(add|sub|mul|fma|div|rcp|sqrt|ex2|lg2)(\.\w+)*\.f32\b|\bmma\.sync\S+")]
    private static partial Regex Rounding();
}
