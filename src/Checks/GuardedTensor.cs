using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SpGpu.Checks;

/// <summary>
/// A tensor in a block of its own, with guard zones around it and between its images, unless its placement leaves none.
/// Everything that is not data is filled with a pattern that shows in a result if it is read, and that shows here if it is
/// overwritten.
/// </summary>
internal sealed class GuardedTensor : IDisposable
{
    private const int GuardBytes = 256;
    private const int ChannelsBefore = 3;
    private const int ChannelsAfter = 2;

    private readonly int _start;
    private readonly byte[] _image;

    /// <summary>
    /// Allocates the tensor; <paramref name="number"/> counts the tensors of a case, from the first input on. Images that are
    /// <paramref name="apart"/> are so by an odd number of elements.
    /// </summary>
    public GuardedTensor(Device device, Shape shape, DataType type, Placement placement, int number, bool apart)
    {
        Size = type == DataType.Float32 ? sizeof(float) : sizeof(byte);
        bool slice = placement is Placement.Slice or Placement.Misaligned;
        int before = slice ? ChannelsBefore * shape.Plane : 0;
        int after = slice ? ChannelsAfter * shape.Plane : 0;
        int stride = before + (int)shape.ImageLength + after;
        if (apart)
            stride += 1 + (stride & 1);
        int shift = placement == Placement.Misaligned ? (number + 1) % 4 : 0;
        int bytes = (shape.N * stride + shift) * Size;
        // Devices give whole vectors: of whole guards, nothing is left at the end.
        int block = placement == Placement.Edge
            ? (bytes + 2 * GuardBytes - 1) / GuardBytes * GuardBytes
            : (2 * GuardBytes + bytes + sizeof(float) - 1) / sizeof(float) * sizeof(float);
        _start = placement == Placement.Edge ? (block - bytes) / Size : GuardBytes / Size + before + shift;
        _image = new byte[block];
        Tensor = new Tensor(device.Allocate(block / sizeof(float)), _start, stride, shape, type);
    }

    /// <summary>Where it lies on the device.</summary>
    public Tensor Tensor { get; }

    /// <summary>Bytes of an element.</summary>
    public int Size { get; }

    /// <summary>
    /// Fills the whole block, then puts <paramref name="values"/> into the tensor, if there are any. Pattern 0 is NaN,
    /// pattern 1 a number around 1e30, for operators that drop NaN; no byte is the same in both.
    /// </summary>
    public void Fill(int pattern, Samples? values)
    {
        for (int word = 0; word < _image.Length / sizeof(float); word++)
        {
            uint bits = pattern == 0 ? 0x7FC00000u | (ushort)word : 0x71490000u | (ushort)~word;
            BinaryPrimitives.WriteUInt32LittleEndian(_image.AsSpan(word * sizeof(float)), bits);
        }
        int image = (int)Tensor.Shape.ImageLength;
        for (int n = 0; n < Tensor.Shape.N && values is not null; n++)
        {
            ReadOnlySpan<double> source = values.Values.AsSpan(n * image, image);
            Span<byte> destination = _image.AsSpan(Offset(n, 0), image * Size);
            if (Size == sizeof(float))
                ToFloats(source, MemoryMarshal.Cast<byte, float>(destination));
            else
                ToBytes(source, destination);
        }
        Tensor.Memory.Upload(_image, 0);
    }

    /// <summary>Takes over what the operator wrote into the given rows and columns of each plane, as dense bytes.</summary>
    /// <param name="written">The rows and columns of each plane that may change.</param>
    /// <param name="origin">Where in the planes they start.</param>
    /// <param name="damage">The first byte outside of them that changed, counted from the tensor's start; null if none did.</param>
    public byte[] Collect(Size2D written, Size2D origin, out int? damage)
    {
        byte[] found = new byte[_image.Length];
        Tensor.Memory.Download(found, 0);
        byte[] elements = new byte[Tensor.Shape.N * Tensor.Shape.C * written.Height * written.Width * Size];
        Span<byte> rest = elements;
        int row = written.Width * Size;
        for (int n = 0; n < Tensor.Shape.N; n++)
        {
            for (int c = 0; c < Tensor.Shape.C; c++)
            {
                for (int i = 0; i < written.Height; i++)
                {
                    int offset = Offset(n, c * Tensor.Shape.Plane + (i + origin.Height) * Tensor.Shape.W + origin.Width);
                    ReadOnlySpan<byte> place = found.AsSpan(offset, row);
                    place.CopyTo(rest);
                    place.CopyTo(_image.AsSpan(offset));
                    rest = rest[row..];
                }
            }
        }
        int same = _image.AsSpan().CommonPrefixLength(found);
        damage = same == found.Length ? null : same - _start * Size;
        return elements;
    }

    /// <summary>The first byte that changed, counted from the tensor's start; null if none did.</summary>
    public int? FindDamage()
    {
        Collect((0, 0), (0, 0), out int? damage);
        return damage;
    }

    /// <summary>An element of what <see cref="Collect"/> returned.</summary>
    public static float Element(byte[] elements, int size, int index) => size == sizeof(float)
        ? MemoryMarshal.Cast<byte, float>(elements)[index]
        : elements[index];

    public void Dispose() => Tensor.Memory.Dispose();

    private int Offset(int n, int inImage) => (_start + n * Tensor.BatchStride + inImage) * Size;

    private static void ToFloats(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (float)source[i];
    }

    private static void ToBytes(ReadOnlySpan<double> source, Span<byte> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (byte)source[i];
    }
}
