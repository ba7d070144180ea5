using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SpGpu.Gpu.Checks;

/// <summary>
/// A tensor in a block of its own, with guard zones around it and between its images. Everything that is not data is
/// filled with a pattern that shows in a result if it is read, and that shows here if it is overwritten.
/// </summary>
internal sealed class GuardedTensor : IDisposable
{
    private const int GuardBytes = 256;
    private const int ChannelsBefore = 3;
    private const int ChannelsAfter = 2;

    private readonly int _start;
    private readonly byte[] _image;

    /// <summary>Allocates the tensor; <paramref name="number"/> counts the tensors of a case, from the first input on.</summary>
    public GuardedTensor(Device device, Shape shape, DataType type, Placement placement, int number)
    {
        Size = type == DataType.Float32 ? sizeof(float) : sizeof(byte);
        int before = placement == Placement.Contiguous ? 0 : ChannelsBefore * shape.Plane;
        int after = placement == Placement.Contiguous ? 0 : ChannelsAfter * shape.Plane;
        int stride = before + (int)shape.ImageLength + after;
        int shift = placement == Placement.Misaligned ? (number + 1) % 4 : 0;
        _start = GuardBytes / Size + before + shift;
        int words = (2 * GuardBytes + (shape.N * stride + shift) * Size + sizeof(float) - 1) / sizeof(float);
        _image = new byte[words * sizeof(float)];
        Tensor = new Tensor(device.Allocate(words), _start, stride, shape, type);
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
        for (int index = 0; index < values?.Values.Length; index++)
        {
            Span<byte> place = Place(index);
            if (Size == sizeof(float))
                BinaryPrimitives.WriteSingleLittleEndian(place, values.Values[index]);
            else
                place[0] = (byte)values.Values[index];
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
        Shape region = Tensor.Shape with { H = written.Height, W = written.Width };
        byte[] elements = new byte[region.Count * Size];
        for (int index = 0; index < region.Count; index++)
        {
            (int n, int c, int i, int j) = region.Position(index);
            int element = ((n * region.C + c) * Tensor.Shape.H + i + origin.Height) * Tensor.Shape.W + j + origin.Width;
            ReadOnlySpan<byte> place = found.AsSpan(Offset(element), Size);
            place.CopyTo(elements.AsSpan(index * Size));
            place.CopyTo(Place(element));
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

    private Span<byte> Place(int index) => _image.AsSpan(Offset(index), Size);

    private int Offset(int index)
    {
        (int n, int inImage) = Math.DivRem(index, (int)Tensor.Shape.ImageLength);
        return (_start + n * Tensor.BatchStride + inImage) * Size;
    }
}
