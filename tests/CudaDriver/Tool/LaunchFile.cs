using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpGpu.CudaDriver.Tool;

/// <summary>How a kernel is to be launched, as a file says it.</summary>
internal sealed record LaunchFile
{
    /// <summary>The kernel's name; it may be left out where the module has one.</summary>
    public string? Kernel { get; init; }

    /// <summary>One to three numbers of groups.</summary>
    public required uint[] Grid { get; init; }

    /// <summary>One to three numbers of threads.</summary>
    public required uint[] Block { get; init; }

    /// <summary>Bytes of shared memory beyond those of the text.</summary>
    public int Shared { get; init; }

    /// <summary>What each parameter holds: a piece, or a list of the pieces of a structure.</summary>
    public required JsonElement[] Parameters { get; init; }

    public Dictionary<string, BufferFile> Buffers { get; init; } = [];

    /// <summary>The pieces of each parameter.</summary>
    /// <exception cref="JsonException">They are none.</exception>
    public IEnumerable<ParameterPiece[]> Pieces() => Parameters.Select(parameter => parameter.ValueKind == JsonValueKind.Array
        ? parameter.Deserialize(LaunchJson.Default.ParameterPieceArray)!
        : [parameter.Deserialize(LaunchJson.Default.ParameterPiece)!]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or says what is not known.</exception>
    public static LaunchFile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LaunchJson.Default.LaunchFile)
                ?? throw new ConfigurationException($"{path}: it says nothing; give grid, block and parameters");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {error.Message}");
        }
    }
}

/// <summary>A block of device memory: what it holds at first, and where it goes at the end.</summary>
internal sealed record BufferFile
{
    /// <summary>Its bytes; as many as the file has, if there is one.</summary>
    public long? Bytes { get; init; }

    /// <summary>A file with what it holds at first. What neither this nor the next defines may not be read.</summary>
    public string? File { get; init; }

    /// <summary>The float that fills it.</summary>
    public float? Fill { get; init; }

    /// <summary>Whether the kernel may not write to it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The file that it is written to after the launch.</summary>
    public string? Output { get; init; }
}

/// <summary>One value of a parameter: one of these.</summary>
internal sealed record ParameterPiece
{
    /// <summary>The address of a buffer.</summary>
    public string? Buffer { get; init; }

    /// <summary>Bytes that are added to it.</summary>
    public long Offset { get; init; }

    public byte? Uint8 { get; init; }

    public int? Int32 { get; init; }

    public uint? Uint32 { get; init; }

    public long? Int64 { get; init; }

    public ulong? Uint64 { get; init; }

    public float? Float32 { get; init; }

    public double? Float64 { get; init; }

    /// <summary>Bytes of nothing, as structures have them between their fields.</summary>
    public int? Padding { get; init; }
}

[JsonSerializable(typeof(LaunchFile)), JsonSerializable(typeof(ParameterPiece[]))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class LaunchJson : JsonSerializerContext;
