using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>Every case of the registry on the device of the suite, against the reference.</summary>
public class OperatorTests(DeviceFixture fixture)
{
    private static readonly Dictionary<string, OperatorCase> _cases =
        OperatorCases.UpTo(DeviceFixture.Most).ToDictionary(@case => @case.Name);

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_the_reference(string name)
    {
        CheckResult result = OperatorCheck.Run(fixture.Device, _cases[name]);
        Assert.True(result.Passed, $"{result.Variant}: {result.Message}");
    }

    [Fact]
    public void Names_are_unique() =>
        Assert.Empty(OperatorCases.All.CountBy(@case => @case.Name).Where(count => count.Value > 1).Select(count => count.Key));

    [Fact]
    public void Every_operator_has_cases_of_every_size()
    {
        IEnumerable<Type> operators = typeof(Specification).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Specification)) && !type.IsAbstract);
        foreach (CaseSize size in Enum.GetValues<CaseSize>())
            Assert.Empty(
                operators.Except(OperatorCases.All.Where(@case => @case.Size == size).Select(@case => @case.Specification.GetType())));
    }

    [Fact]
    public void Tiny_cases_are_tiny() => Assert.DoesNotContain(OperatorCases.UpTo(CaseSize.Tiny), @case =>
        @case.Specification.Operations(@case.Inputs.AsSpan()) > 20_000 || @case.Outputs.Sum(output => output.Count) > 600);
}
