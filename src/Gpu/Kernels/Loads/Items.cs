using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What a thread reads of a row at once: one float, or four where the row's length and place allow it. Of a
/// value of one float only the first counts.
/// </summary>
internal interface IItem
{
    /// <summary>Floats.</summary>
    static abstract int Width { get; }

    /// <summary>The floats from an offset on, or zeros.</summary>
    static abstract Float4 Load(ArrayView<float> view, int offset, bool wanted);

    /// <summary>The sum of the floats.</summary>
    static abstract float Total(Float4 value);

    /// <summary>Writes the floats from an offset on.</summary>
    static abstract void Store(ArrayView<float> view, int offset, Float4 value);
}

/// <summary>The widths of <see cref="IItem"/>.</summary>
internal static class Items
{
    /// <summary>One float at any offset.</summary>
    internal readonly struct One : IItem
    {
        public static int Width => 1;

        public static Float4 Load(ArrayView<float> view, int offset, bool wanted) =>
            new(GlobalMemory.Load(view, offset, wanted), 0f, 0f, 0f);

        public static float Total(Float4 value) => value.X;

        public static void Store(ArrayView<float> view, int offset, Float4 value) => view[offset] = value.X;
    }

    /// <summary>Four floats at an offset that is a multiple of four.</summary>
    internal readonly struct Four : IItem
    {
        public static int Width => 4;

        public static Float4 Load(ArrayView<float> view, int offset, bool wanted) => GlobalMemory.Load4(view, offset, wanted);

        public static float Total(Float4 value) => value.Total();

        public static void Store(ArrayView<float> view, int offset, Float4 value) => Float4.Store(view, offset, value);
    }
}
