using System.Globalization;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.CudaDriver;

/// <summary>
/// What the environment says the driver is to do:
/// SPGPU_CUDA_SEED=7 another order of groups, warps and lanes; SPGPU_CUDA_LANES=apart lanes that stay apart after a branch;
/// SPGPU_CUDA_RACES=0 no search for races; SPGPU_CUDA_LOG=1 a line a launch on standard error, and sums at the end;
/// SPGPU_CUDA_PTX=FOLDER keeps the text of modules there, which reports give lines of;
/// SPGPU_CUDA_RECORD=FOLDER writes launches down there, for a GPU to repeat (bench/gpu/replay);
/// SPGPU_CUDA_PLANT=sub.f32=add.f32 plants a fault: the one word in the text of modules becomes the other;
/// SPGPU_CUDA_GRAPHS=loose plants another: steps of a graph wait for none;
/// SPGPU_CUDA_FAIL=cuMemAlloc:5:2 the fifth call of a function returns an error (from 700 on: and every later call);
/// SPGPU_CUDA_SAYS=sm=9.0,multiprocessors=132,memory=8192,version=12040 what it says of itself (memory in MiB).
/// </summary>
internal sealed record Settings
{
    public MachineOptions Machine { get; init; } = new();

    public bool Log { get; init; }

    public string? TextFolder { get; init; }

    public string? RecordFolder { get; init; }

    public string Planted { get; init; } = "";

    public string InPlaceOf { get; init; } = "";

    /// <summary>Whether steps of a graph come in any order, whatever they should wait for.</summary>
    public bool LooseGraphs { get; init; }

    public string FailingCall { get; init; } = "";

    public int FailingAt { get; init; }

    public int FailsWith { get; init; }

    public int Major { get; init; } = 9;

    public int Minor { get; init; }

    public int Multiprocessors { get; init; } = 132;

    public long Memory { get; init; } = 8L << 30;

    public int Version { get; init; } = 12040;

    /// <summary>What the environment says.</summary>
    /// <exception cref="FormatException">It says something else.</exception>
    public static Settings Read(Func<string, string?> environment)
    {
        var settings = new Settings
        {
            Log = environment("SPGPU_CUDA_LOG") == "1",
            TextFolder = environment("SPGPU_CUDA_PTX"),
            RecordFolder = environment("SPGPU_CUDA_RECORD"),
            LooseGraphs = environment("SPGPU_CUDA_GRAPHS") == "loose",
            Machine = new MachineOptions
            {
                Seed = ulong.Parse(environment("SPGPU_CUDA_SEED") ?? "0", CultureInfo.InvariantCulture),
                Together = environment("SPGPU_CUDA_LANES") switch
                {
                    null or "together" => true,
                    "apart" => false,
                    var other => throw new FormatException($"SPGPU_CUDA_LANES is together or apart, not '{other}'"),
                },
                Races = environment("SPGPU_CUDA_RACES") != "0",
            },
        };
        if (environment("SPGPU_CUDA_FAIL") is { } fail)
        {
            string[] parts = fail.Split(':');
            if (parts.Length != 3)
                throw new FormatException($"SPGPU_CUDA_FAIL is CALL:NUMBER:ERROR, not '{fail}'");
            settings = settings with { FailingCall = parts[0], FailingAt = Number(parts[1]), FailsWith = Number(parts[2]) };
        }
        if (environment("SPGPU_CUDA_PLANT") is { } plant)
        {
            string[] parts = plant.Split('=');
            if (parts.Length != 2 || parts[0].Length == 0)
                throw new FormatException($"SPGPU_CUDA_PLANT is TEXT=OTHER, not '{plant}'");
            settings = settings with { InPlaceOf = parts[0], Planted = parts[1] };
        }
        foreach (string said in (environment("SPGPU_CUDA_SAYS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            settings = settings.With(said);
        return settings;
    }

    /// <summary>The text of a module with the fault that is to be planted.</summary>
    public string Plant(string ptx) => InPlaceOf.Length == 0 ? ptx : ptx.Replace(InPlaceOf, Planted, StringComparison.Ordinal);

    private Settings With(string said)
    {
        string[] parts = said.Split('=');
        string value = parts.Length == 2 ? parts[1] : "";
        return parts[0] switch
        {
            "sm" when value.Split('.') is [var major, var minor] => this with { Major = Number(major), Minor = Number(minor) },
            "multiprocessors" => this with { Multiprocessors = Number(value) },
            "memory" => this with { Memory = (long)Number(value) << 20 },
            "version" => this with { Version = Number(value) },
            _ => throw new FormatException($"SPGPU_CUDA_SAYS knows sm=9.0, multiprocessors, memory and version, not '{said}'"),
        };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
