using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>What happens to the sums of a convolution on their way to memory.</summary>
internal static class ConvolutionStore
{
    /// <summary>Stores four sums, or those that lie within the plane, after the epilogue.</summary>
    public static void Store(
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, int image, int output, int pixel,
        Float4 value, in ConvolutionScalars s)
    {
        int count = s.Pixels - pixel;
        if (count <= 0)
            return;
        int at = output * s.Pixels + pixel;
        if ((s.Epilogue & Epilogue.Residual) != 0)
            value += Load(residual, s.Residual.Image(image) + at, count, s.Vectors);
        if ((s.Epilogue & Epilogue.Relu) != 0)
            value = Float4.Relu(value);
        if ((s.Epilogue & Epilogue.Sigmoid) != 0)
            value = Float4.Sigmoid(value);
        if ((s.Epilogue & Epilogue.Multiply) != 0)
            value *= Load(multiplier, s.Multiplier.Image(image) + at, count, s.Vectors);
        at += s.Y.Image(image);
        if (s.Vectors != 0)
            Float4.Store(y, at, value);
        else
            Float4.StoreFirst(y, at, value, count);
    }

    /// <summary>Four floats, or as many as <paramref name="count"/> says.</summary>
    public static Float4 Load(ArrayView<float> view, int at, int count, int vectors)
    {
        if (vectors != 0)
            return Float4.Load(view, at);
        return new(view[at], count > 1 ? view[at + 1] : 0f, count > 2 ? view[at + 2] : 0f, count > 3 ? view[at + 3] : 0f);
    }
}
