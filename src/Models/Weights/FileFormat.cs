using System.Buffers.Binary;

namespace SpGpu.Models.Weights;

/// <summary>What a file is, by its first bytes, where it is not the one that is needed.</summary>
/// <param name="Name">The kind in words, with its article.</param>
/// <param name="Remedy">What to do instead.</param>
internal sealed record FileFormat(string Name, string Remedy)
{
    /// <summary>Where a tar archive says that it is one.</summary>
    private const int TarMagicAt = 257;

    private const int ZipNameLengthAt = 26, ZipNameAt = 30;

    private const string Convert = "'spgpu convert' makes a .safetensors file of a PyTorch checkpoint";
    private const string Numpy = "in Python, safetensors.numpy.save_file({'input': array}, file) writes arrays as .safetensors";
    private const string Weights = "give the weights of a network as .pth or .safetensors";
    public const string Unpack = "unpack it, and give the file within";

    /// <summary>An archive of arrays, which only the names in it tell from a checkpoint.</summary>
    public static readonly FileFormat NumpyArchive = new("an archive of NumPy (.npz)", Numpy);

    private static readonly (int At, byte[] Magic, FileFormat Kind)[] _known =
    [
        (0, [.. "PK\x03\x04"u8], new("a zip archive, such as a PyTorch checkpoint", Convert)),
        (0, [0x80, 2], new("a pickle, such as an old PyTorch checkpoint", Convert)),
        (0, [0x93, .. "NUMPY"u8], new("an array of NumPy (.npy)", Numpy)),
        (0, [0x89, .. "HDF"u8], new("an HDF5 file, as Keras writes them", Weights)),
        (0, [.. "GGUF"u8], new("a GGUF file of a language model", Weights)),
        (4, [.. "TFL3"u8], new("a network of TensorFlow Lite", Weights)),
        (0, [.. "version https://git-lfs"u8],
            new("a git-lfs pointer, not the file that it stands for", "fetch the file with 'git lfs pull'")),
        (0, [0x89, .. "PNG"u8], new("a picture (PNG)", Weights)),
        (0, [0xFF, 0xD8, 0xFF], new("a picture (JPEG)", Weights)),
        (0, [.. "GIF8"u8], new("a picture (GIF)", Weights)),
        (8, [.. "WEBP"u8], new("a picture (WebP)", Weights)),
        (0, [.. "II*\0"u8], new("a picture (TIFF)", Weights)),
        (0, [.. "MM\0*"u8], new("a picture (TIFF)", Weights)),
        (0, [.. "%PDF"u8], new("a PDF document", Weights)),
        (0, [0x1F, 0x8B], new("an archive (gzip)", Unpack)),
        (0, [.. "7z\xBC\xAF"u8], new("an archive (7z)", Unpack)),
        (0, [0xFD, .. "7zXZ"u8], new("an archive (xz)", Unpack)),
        (0, [0x28, 0xB5, 0x2F, 0xFD], new("an archive (zstd)", Unpack)),
        (TarMagicAt, [.. "ustar"u8], new("a tar archive", Unpack)),
    ];

    /// <summary>The kind of a file; null where nothing is known of it.</summary>
    public static FileFormat? Of(ByteSource source)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(source.Length, TarMagicAt + 8)];
        source.Read(0, start);
        if (start.IsEmpty)
            return new FileFormat("empty", "copy or download it again");
        if (FirstZipName(start).EndsWith(".npy"u8))
            return NumpyArchive;
        foreach ((int at, byte[] magic, FileFormat kind) in _known)
        {
            if (start.Length >= at + magic.Length && start.Slice(at, magic.Length).SequenceEqual(magic))
                return kind;
        }
        // The version of the format in the first field, the producer or the graph in the next.
        if (start is [0x08, > 0 and < 32, 0x12 or 0x3A, ..])
            return new FileFormat("a network as ONNX or of TensorFlow", Weights);
        ReadOnlySpan<byte> text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        text = text.TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? null : text[0] switch
        {
            (byte)'<' => new FileFormat("a web page or another text of tags, saved in place of the file", "download the file itself"),
            (byte)'{' or (byte)'[' => new FileFormat("a JSON text", Weights),
            _ => null,
        };
    }

    /// <summary>The name in the first header of a zip archive; empty in other files, and where it is longer than what is given.</summary>
    private static ReadOnlySpan<byte> FirstZipName(ReadOnlySpan<byte> start)
    {
        if (start.Length < ZipNameAt || !start.StartsWith("PK\x03\x04"u8))
            return [];
        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[ZipNameLengthAt..]);
        return length <= start.Length - ZipNameAt ? start.Slice(ZipNameAt, length) : [];
    }
}
