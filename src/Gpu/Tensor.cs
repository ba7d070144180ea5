using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpGpu.Gpu;

/// <summary>
/// A tensor in device memory. Channel planes are contiguous; images are <see cref="BatchStride"/> elements
/// apart, so that a tensor can be a slice of channels of a larger one (a concatenation costs nothing).
/// </summary>
/// <param name="Memory">The block that holds it.</param>
/// <param name="Offset">Where it starts, in elements of its type.</param>
/// <param name="BatchStride">Elements from one image to the next.</param>
/// <param name="Shape">N, C, H, W.</param>
/// <param name="Type">What an element is.</param>
public readonly record struct Tensor(DeviceMemory Memory, int Offset, int BatchStride, Shape Shape, DataType Type = DataType.Float32)
{
    /// <summary>Elements that are copied at once: the bytes of a span are counted with 31 bits.</summary>
    private const int MostAtOnce = 1 << 28;

    /// <summary>A contiguous tensor at the start of <paramref name="memory"/>.</summary>
    public Tensor(DeviceMemory memory, Shape shape, DataType type = DataType.Float32)
        : this(memory, 0, (int)shape.ImageLength, shape, type)
    {
    }

    /// <summary>The 32-bit elements that a contiguous tensor needs.</summary>
    internal static int Words(Shape shape, DataType type) =>
        type == DataType.Float32 ? (int)shape.Count : (int)((shape.Count + 3) / 4);

    /// <summary>Makes memory for one tensor; its <see cref="Memory"/> is to be disposed by the caller.</summary>
    /// <exception cref="ShapeException">An extent is below 1, or there are more than 2^31 - 1 elements.</exception>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public static Tensor Allocate(Device device, Shape shape, DataType type = DataType.Float32)
    {
        ArgumentNullException.ThrowIfNull(device);
        shape.Checked("a tensor");
        return new(device.Allocate(Words(shape, type)), shape, type);
    }

    /// <summary>Its kind, type and shape: <c>Tensor float32 1x3x64x64</c>.</summary>
    public override string ToString() => $"Tensor {(Type == DataType.Float32 ? "float32" : "uint8")} {Shape}";

    /// <summary>Copies N*C*H*W elements from the host, image by image; waits until that is done.</summary>
    /// <typeparam name="T">float, or byte for <see cref="DataType.UInt8"/>.</typeparam>
    /// <exception cref="ShapeException">The number of elements or their type differs, or the tensor leaves its block.</exception>
    /// <exception cref="ObjectDisposedException">The memory or its device has been disposed.</exception>
    public void Upload<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        CheckHost<T>(source.Length);
        int image = (int)Shape.ImageLength;
        for (int n = 0; n < Shape.N; n++)
        {
            ReadOnlySpan<T> left = source.Slice(n * image, image);
            for (long at = Offset + (long)n * BatchStride; !left.IsEmpty; at += MostAtOnce)
            {
                int length = Math.Min(left.Length, MostAtOnce);
                Memory.Upload(MemoryMarshal.AsBytes(left[..length]), at * Unsafe.SizeOf<T>());
                left = left[length..];
            }
        }
    }

    /// <summary>Copies N*C*H*W elements to the host, image by image, when all work before is done.</summary>
    /// <typeparam name="T">float, or byte for <see cref="DataType.UInt8"/>.</typeparam>
    /// <exception cref="ShapeException">The number of elements or their type differs, or the tensor leaves its block.</exception>
    /// <exception cref="DeviceException">The device failed at work before it.</exception>
    /// <exception cref="ObjectDisposedException">The memory or its device has been disposed.</exception>
    public void Download<T>(Span<T> destination)
        where T : unmanaged
    {
        CheckHost<T>(destination.Length);
        int image = (int)Shape.ImageLength;
        for (int n = 0; n < Shape.N; n++)
        {
            Span<T> left = destination.Slice(n * image, image);
            for (long at = Offset + (long)n * BatchStride; !left.IsEmpty; at += MostAtOnce)
            {
                int length = Math.Min(left.Length, MostAtOnce);
                Memory.Download(MemoryMarshal.AsBytes(left[..length]), at * Unsafe.SizeOf<T>());
                left = left[length..];
            }
        }
    }

    /// <summary>All elements of a tensor of floats, on the host.</summary>
    internal float[] ToHost()
    {
        float[] values = GC.AllocateUninitializedArray<float>((int)Shape.Count);
        Download<float>(values);
        return values;
    }

    private void CheckHost<T>(int length)
        where T : unmanaged
    {
        if (typeof(T) != (Type == DataType.Float32 ? typeof(float) : typeof(byte)))
            throw new ShapeException($"a tensor of {Type} cannot be copied from or to {typeof(T).Name}");
        if (length != Shape.Count)
            throw new ShapeException($"a tensor of shape {Shape} has {Shape.Count} elements, the host array has {length}");
    }
}
