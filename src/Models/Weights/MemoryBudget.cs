namespace SpGpu.Models.Weights;

/// <summary>
/// The memory that one file may take, whatever for: records that are decompressed, storages that tensors share or that
/// strides of 0 repeat, numbers that become wider. Each alone is harmless; multiplied with one another they would let a
/// small file ask for any amount.
/// </summary>
internal sealed class MemoryBudget(ByteSource file)
{
    /// <summary>What the widest conversion takes, from 8 to 64 bits, and a part that lets small files compress well.</summary>
    private const long Growth = 8, FreeBytes = 1 << 20;

    private Int128 _left = (Int128)file.Length * Growth + FreeBytes;

    /// <summary>Counts bytes before they are allocated.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="problem">What asks for them, for the message.</param>
    /// <param name="remedy">How to mend the file.</param>
    /// <exception cref="WeightsException">The file has taken too much.</exception>
    public void Take(Int128 bytes, string problem, string remedy)
    {
        if (bytes > _left)
            throw file.Refused($"{problem}, and a file of {file.Length} bytes may take {Growth} times as many", remedy);
        _left -= bytes;
    }
}
