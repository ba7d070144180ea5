using System.Text.Json;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;
using Xunit.Sdk;

namespace SpGpu.Golden;

/// <summary>One case and mode: what a test is named after and what it needs.</summary>
public sealed class GoldenCase(string set, GoldenFixture fixture, JsonElement data, string mode) : IXunitSerializable
{
    private const int LastKindOnIlgpuCpu = 9;

    [Obsolete("For the test framework, which makes an empty case and fills it.")]
    public GoldenCase() : this("", null!, default, "")
    {
    }

    /// <summary>Every case in every mode that it has; "out" stands for a case without modes.</summary>
    public static IReadOnlyList<GoldenCase> All { get; } = [.. GoldenFixture.All.SelectMany(found =>
        found.Fixture.Cases.SelectMany(data => Modes(data).Select(mode => new GoldenCase(found.Set, found.Fixture, data, mode))))];

    public GoldenFixture Fixture { get; private set; } = fixture;

    public JsonElement Data { get; private set; } = data;

    public string Mode { get; private set; } = mode;

    public string Set { get; private set; } = set;

    public string Name => Data.GetProperty("name").GetString()!;

    public string Module => Data.GetProperty("module").GetString()!;

    /// <summary>Whether the mode is one that a network for inference has.</summary>
    public bool IsInference => Mode is "eval" or "out";

    /// <summary>The outputs of an inference mode.</summary>
    public IEnumerable<string> Roles => Data.GetProperty("tensors").EnumerateObject().Select(role => role.Name).Where(IsChecked);

    public HostTensor Input => Fixture.Tensor($"{Name}/in.x");

    public bool Has(string role) => Data.GetProperty("tensors").TryGetProperty(role, out _);

    /// <summary>A dropout mask of the given role; ones where the case has none.</summary>
    public float[] Mask(string role, Shape shape) =>
        Has(role) ? Expected(role).Floats : [.. Enumerable.Repeat(1f, (int)shape.Count)];

    public HostTensor Expected(string role) => Fixture.Tensor($"{Name}/{role}");

    public JsonElement Argument(string name) => Data.GetProperty("ctor").GetProperty(name);

    public int Number(string name) => Argument(name).GetInt32();

    /// <summary>A number, or two of them, over rows and columns; null where PyTorch has None.</summary>
    public (int? Height, int? Width) Pair(string name) => Argument(name) is { ValueKind: JsonValueKind.Array } pair
        ? (Extent(pair[0]), Extent(pair[1]))
        : (Number(name), Number(name));

    /// <summary>Checks every tensor whose role starts with a prefix and goes on with a state-dict key; integers exactly.</summary>
    public void CheckAll(string prefix, StateDict actual, string keyPrefix, Func<string, bool>? where = null)
    {
        foreach (string role in RolesFrom(prefix).Where(where ?? (_ => true)))
        {
            HostTensor tensor = actual[keyPrefix + role[prefix.Length..]];
            if (tensor.Data is float[])
                Check(role, tensor);
            else if (!Expected(role).Data.Cast<long>().SequenceEqual((long[])tensor.Data))
                throw new XunitException(
                    $"{role} is {string.Join(", ", (long[])tensor.Data)}, " +
                    $"{string.Join(", ", Expected(role).Data.Cast<long>())} is expected");
        }
    }

    /// <summary>
    /// Checks tensors that a step has changed, by their change: |a - ref| at most 1e-3 of the largest change, and 2^-22 of
    /// the largest value.
    /// </summary>
    public void CheckSteps(string prefix, StateDict actual, StateDict before)
    {
        foreach (string role in RolesFrom(prefix))
        {
            string key = role[prefix.Length..];
            float[] expected = Expected(role).Floats;
            double change = expected.Zip(before[key].Floats, (after, first) => Math.Abs((double)after - first)).Max();
            Compare(role, actual[key], 1e-3 * change + Math.ScaleB(expected.Max(Math.Abs), -22));
        }
    }

    /// <summary>Checks a scalar.</summary>
    public void CheckNumber(string role, double actual) => Check(role, new HostTensor([(float)actual]));

    /// <summary>Skips what ILGPU's CPU accelerator is too slow for: it is right, but whole networks are never asked of it.</summary>
    public void SkipWhatIsTooSlow() =>
        Assert.SkipWhen(DeviceFixture.Name == "ilgpu-cpu" && Fixture.Kind > LastKindOnIlgpuCpu, "too slow for ILGPU's CPU accelerator");

    /// <summary>Throws unless the values agree by the rule of the data's README.</summary>
    public void Check(string role, HostTensor actual)
    {
        double noise = Data.GetProperty("f32_vs_f64").TryGetProperty(role, out JsonElement value) ? value.GetDouble() : 0;
        Compare(role, actual, Math.Max(1e-4, 20 * noise) * Expected(role).Floats.Max(Math.Abs) + 1e-7);
    }

    private IEnumerable<string> RolesFrom(string prefix) =>
        Data.GetProperty("tensors").EnumerateObject().Select(tensor => tensor.Name)
            .Where(role => role.StartsWith(prefix, StringComparison.Ordinal));

    private void Compare(string role, HostTensor actual, double tolerance)
    {
        HostTensor expected = Expected(role);
        if (!expected.Shape.SequenceEqual(actual.Shape))
            throw new XunitException(
                $"{role} has shape {HostTensor.Describe(actual.Shape)}, {HostTensor.Describe(expected.Shape)} is expected");
        for (int i = 0; i < expected.Count; i++)
        {
            double difference = Math.Abs((double)expected.Floats[i] - actual.Floats[i]);
            // Written so that NaN fails.
            if (!(difference <= tolerance))
                throw new XunitException(FormattableString.Invariant(
                    $"{role}[{i}] is {actual.Floats[i]}, {expected.Floats[i]} is expected; {difference:G3} exceeds {tolerance:G3}"));
        }
    }

    public override string ToString() => $"{(Set == "public" ? "" : Set + " ")}{Fixture.Name}/{Name}/{Mode}";

    public void Serialize(IXunitSerializationInfo info) => info.AddValue("name", ToString());

    public void Deserialize(IXunitSerializationInfo info)
    {
        string name = info.GetValue<string>("name")!;
        GoldenCase found = All.Single(c => c.ToString() == name);
        (Set, Fixture, Data, Mode) = (found.Set, found.Fixture, found.Data, found.Mode);
    }

    private bool IsChecked(string role) => Mode == "eval"
        ? role.StartsWith("eval.", StringComparison.Ordinal) && !role.StartsWith("eval.grad", StringComparison.Ordinal)
            && !role.StartsWith("eval.buf", StringComparison.Ordinal)
        : role == "out";

    private static IEnumerable<string> Modes(JsonElement data) =>
        data.TryGetProperty("modes", out JsonElement modes) && modes.ValueKind == JsonValueKind.Array
            ? modes.EnumerateArray().Select(mode => mode.GetString()!)
            : ["out"];

    private static int? Extent(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetInt32();
}
