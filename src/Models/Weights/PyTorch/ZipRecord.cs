namespace SpGpu.Models.Weights.PyTorch;

/// <summary>One file of a zip archive.</summary>
/// <param name="Name">Its name, with folders.</param>
/// <param name="IsDeflated">Whether it is compressed; PyTorch itself only stores.</param>
/// <param name="Crc">The checksum of its content.</param>
/// <param name="Start">Where in the archive its bytes start.</param>
/// <param name="StoredLength">The bytes that it takes in the archive.</param>
/// <param name="Length">The bytes of its content.</param>
internal sealed record ZipRecord(string Name, bool IsDeflated, uint Crc, long Start, long StoredLength, long Length);
