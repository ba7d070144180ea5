namespace SpGpu.Gpu.Kernels;

/// <summary>A function of an element of a plane and the elements of a column and a row that meet there.</summary>
internal interface IStripFunction
{
    /// <summary>
    /// What it reads: <see cref="StripMap.X"/>, <see cref="StripMap.Column"/>, <see cref="StripMap.Row"/> or a sum of
    /// them.
    /// </summary>
    static abstract int Reads { get; }

    static abstract float Of(float x, float column, float row);
}

/// <summary>The functions of <see cref="StripMap"/>.</summary>
internal static class StripFunctions
{
    /// <summary>column + row.</summary>
    internal readonly struct Sum : IStripFunction
    {
        public static int Reads => StripMap.Column + StripMap.Row;

        public static float Of(float x, float column, float row) => column + row;
    }

    /// <summary>relu(column + row).</summary>
    internal readonly struct ReluOfSum : IStripFunction
    {
        public static int Reads => StripMap.Column + StripMap.Row;

        public static float Of(float x, float column, float row) => KernelMath.Relu(column + row);
    }

    /// <summary>x * sigmoid(column + row).</summary>
    internal readonly struct Gate : IStripFunction
    {
        public static int Reads => StripMap.X + StripMap.Column + StripMap.Row;

        public static float Of(float x, float column, float row) => x * KernelMath.Sigmoid(column + row);
    }

    /// <summary>The column alone.</summary>
    internal readonly struct OfColumn : IStripFunction
    {
        public static int Reads => StripMap.Column;

        public static float Of(float x, float column, float row) => column;
    }

    /// <summary>The row alone.</summary>
    internal readonly struct OfRow : IStripFunction
    {
        public static int Reads => StripMap.Row;

        public static float Of(float x, float column, float row) => row;
    }
}
