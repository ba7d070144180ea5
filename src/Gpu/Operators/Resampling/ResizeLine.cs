namespace SpGpu.Gpu;

/// <summary>
/// Source positions along one axis by a <see cref="ResizeRule"/>: pixel i of the output lies at i * <see cref="Step"/> +
/// <see cref="Offset"/>, at 0 where that is less.
/// </summary>
internal readonly struct ResizeLine
{
    public readonly float Step;
    public readonly float Offset;

    public ResizeLine(int input, int output, ResizeRule rule)
    {
        if (rule == ResizeRule.HalfPixel)
        {
            Step = (float)input / output;
            Offset = 0.5f * Step - 0.5f;
        }
        else
        {
            Step = output > 1 ? (float)(input - 1) / (output - 1) : 0f;
        }
    }

    /// <summary>Where pixel i lies.</summary>
    public float At(int i)
    {
        float position = i * Step + Offset;
        return position < 0f ? 0f : position;
    }
}
