using System.Text.Json.Serialization;

namespace SpGpu.PtxMachine.Counting;

/// <summary>The counts of a kernel as part of an operator.</summary>
/// <param name="Operator">The operator's variant; empty where nobody said.</param>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Launches">How often it was launched.</param>
/// <param name="Kinds">The sums for each kind of instruction that it executed.</param>
/// <param name="Opcodes">What it executed, in order of the text and each once, with modifiers: <c>fma.rn.f32</c>.</param>
/// <param name="Loop">The sums of its main loop, if it has a loop.</param>
internal sealed record KernelProfile(
    string Operator, string Kernel, long Launches, IReadOnlyDictionary<InstructionKind, Tally> Kinds,
    IReadOnlyList<string> Opcodes, Tally? Loop)
{
    public static KernelProfile Of(string @operator, KernelCounts counts) => new(
        @operator, counts.Kernel.Name, counts.Launches,
        counts.Tallies.Zip(counts.Kinds, (tally, kind) => (tally, kind)).Where(pair => pair.tally.Warps > 0)
            .GroupBy(pair => pair.kind).ToDictionary(group => group.Key, group => Tally.Sum(group.Select(pair => pair.tally))),
        [
            .. counts.Tallies.Zip(counts.Kernel.Statements, (tally, statement) => tally.Threads > 0 ? statement.Opcode : null)
                .OfType<string>().Distinct(),
        ],
        MainLoop.Of(counts));

    /// <summary>The sums for a kind; zeros where it executed none.</summary>
    public Tally this[InstructionKind kind] => Kinds.TryGetValue(kind, out Tally tally) ? tally : default;

    [JsonIgnore]
    public Tally All => Tally.Sum(Kinds.Values);
}

/// <summary>Profiles as JSON, without reflection.</summary>
[JsonSerializable(typeof(KernelProfile[]))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
internal sealed partial class ProfileJson : JsonSerializerContext;
