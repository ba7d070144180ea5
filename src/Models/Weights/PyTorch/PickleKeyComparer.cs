namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Compares the keys of pickled dictionaries. The hash of a long or double by .NET follows from its value alone, so a
/// file could hold a million keys of one hash and keep a dictionary busy for hours; here it depends on the process too.
/// </summary>
internal sealed class PickleKeyComparer : IEqualityComparer<object>
{
    public static readonly PickleKeyComparer Instance = new();

    public new bool Equals(object? left, object? right) => object.Equals(left, right);

    public int GetHashCode(object key) => key switch
    {
        long integer => Hash(integer),
        double number => Hash(BitConverter.DoubleToInt64Bits(number)),
        _ => key.GetHashCode(),
    };

    private static int Hash(long bits) => HashCode.Combine((int)bits, (int)(bits >> 32));
}
