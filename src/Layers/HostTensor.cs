using System.Globalization;

namespace SpGpu.Layers;

/// <summary>
/// A tensor in host memory, row-major, as weights files hold it: 32-bit floats, 64-bit integers or bytes.
/// Other types of a file are converted on reading (half, bfloat16 and double to float; other integers to 64 bits;
/// booleans to bytes).
/// </summary>
public sealed class HostTensor
{
    private HostTensor(Array data, IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(shape);
        long count = 1;
        foreach (int extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent, nameof(shape));
            count = checked(count * extent);
        }
        if (count != data.LongLength)
            throw new ArgumentException($"a tensor of shape {Describe(shape)} holds {count} elements, not {data.LongLength}",
                nameof(shape));
        Data = data;
        Shape = [.. shape];
    }

    /// <summary>Makes a tensor of floats; the array is kept, not copied.</summary>
    public HostTensor(float[] data, params IReadOnlyList<int> shape) : this((Array)data, shape)
    {
    }

    /// <summary>Makes a tensor of 64-bit integers; the array is kept, not copied.</summary>
    public HostTensor(long[] data, params IReadOnlyList<int> shape) : this((Array)data, shape)
    {
    }

    /// <summary>Makes a tensor of bytes; the array is kept, not copied.</summary>
    public HostTensor(byte[] data, params IReadOnlyList<int> shape) : this((Array)data, shape)
    {
    }

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements as a <c>float[]</c>, <c>long[]</c> or <c>byte[]</c>.</summary>
    public Array Data { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Data.Length;

    /// <summary>The elements of a float tensor.</summary>
    /// <exception cref="WeightsException">The tensor holds integers.</exception>
    public float[] Floats => Data as float[]
        ?? throw new WeightsException($"a tensor of shape {Describe(Shape)} holds integers where floats are needed; save it as float32");

    /// <summary>The shape in the form <c>[64, 3, 3, 3]</c>.</summary>
    public static string Describe(IEnumerable<int> shape) =>
        $"[{string.Join(", ", shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>Its kind, type and shape: <c>HostTensor float32 1x3x64x64</c>.</summary>
    public override string ToString()
    {
        string type = Data switch { float[] => "float32", long[] => "int64", _ => "uint8" };
        string shape = Shape.Count == 0
            ? "scalar"
            : string.Join('x', Shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        return $"HostTensor {type} {shape}";
    }
}
