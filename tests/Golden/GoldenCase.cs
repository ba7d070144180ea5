using System.Text.Json;
using SpGpu.Layers;
using Xunit.Sdk;

namespace SpGpu.Golden;

/// <summary>One case and mode: what a test is named after and what it needs.</summary>
public sealed class GoldenCase(string set, GoldenFixture fixture, JsonElement data, string mode) : IXunitSerializable
{
    [Obsolete("For the test framework, which makes an empty case and fills it.")]
    public GoldenCase() : this("", null!, default, "")
    {
    }

    public GoldenFixture Fixture { get; private set; } = fixture;

    public JsonElement Data { get; private set; } = data;

    public string Mode { get; private set; } = mode;

    public string Set { get; private set; } = set;

    public string Name => Data.GetProperty("name").GetString()!;

    public string Module => Data.GetProperty("module").GetString()!;

    /// <summary>The roles to check: the outputs of this mode.</summary>
    public IEnumerable<string> Roles => Data.GetProperty("tensors").EnumerateObject().Select(role => role.Name).Where(IsChecked);

    public HostTensor Input => Fixture.Tensor($"{Name}/in.x");

    public HostTensor Expected(string role) => Fixture.Tensor($"{Name}/{role}");

    public JsonElement Argument(string name) => Data.GetProperty("ctor").GetProperty(name);

    public int Number(string name) => Argument(name).GetInt32();

    /// <summary>A number, or two of them, over rows and columns; null where PyTorch has None.</summary>
    public (int? Height, int? Width) Pair(string name) => Argument(name) is { ValueKind: JsonValueKind.Array } pair
        ? (Extent(pair[0]), Extent(pair[1]))
        : (Number(name), Number(name));

    /// <summary>Throws unless the values agree by the rule of the data's README.</summary>
    public void Check(string role, HostTensor actual)
    {
        HostTensor expected = Expected(role);
        if (!expected.Shape.SequenceEqual(actual.Shape))
            throw new XunitException($"{role} has shape {HostTensor.Describe(actual.Shape)}, {HostTensor.Describe(expected.Shape)} is expected");
        double noise = Data.GetProperty("f32_vs_f64").TryGetProperty(role, out JsonElement value) ? value.GetDouble() : 0;
        double largest = expected.Floats.Max(Math.Abs);
        double tolerance = Math.Max(1e-4, 20 * noise) * largest + 1e-7;
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
        GoldenCase found = GoldenTests.All.Single(c => c.ToString() == name);
        (Set, Fixture, Data, Mode) = (found.Set, found.Fixture, found.Data, found.Mode);
    }

    private bool IsChecked(string role) => Mode == "eval"
        ? role.StartsWith("eval.", StringComparison.Ordinal) && !role.StartsWith("eval.grad", StringComparison.Ordinal) && !role.StartsWith("eval.buf", StringComparison.Ordinal)
        : role == "out";

    private static int? Extent(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetInt32();
}
