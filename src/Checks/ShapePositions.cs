namespace SpGpu.Checks;

/// <summary>From the number of an element to its place in a tensor.</summary>
internal static class ShapePositions
{
    /// <summary>(n, c, i, j) of element <paramref name="index"/>, counted row-major.</summary>
    public static (int N, int C, int I, int J) Position(this Shape shape, int index)
    {
        (int image, int inImage) = Math.DivRem(index, (int)shape.ImageLength);
        (int channel, int inPlane) = Math.DivRem(inImage, shape.Plane);
        (int row, int column) = Math.DivRem(inPlane, shape.W);
        return (image, channel, row, column);
    }
}
