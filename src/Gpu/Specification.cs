namespace SpGpu.Gpu;

/// <summary>
/// What an operator computes, apart from the device that does it: its parameters, the shapes it takes and gives,
/// and what it costs. Derived records are the closed set that <see cref="Operators"/> knows.
/// </summary>
public abstract record Specification
{
    private protected Specification()
    {
    }

    /// <summary>The operator's name in profiles and errors.</summary>
    public abstract string Name { get; }

    /// <summary>The element type of input number <paramref name="input"/>.</summary>
    public virtual DataType TypeOf(int input) => DataType.Float32;

    /// <summary>The element type of the outputs.</summary>
    public virtual DataType OutputType => DataType.Float32;

    /// <summary>
    /// Whether what output number <paramref name="output"/> holds before the run counts: gradients of parameters are
    /// added up, an optimiser changes its parameters in place.
    /// </summary>
    public virtual bool Updates(int output) => false;

    /// <summary>Checks the shapes of the inputs and returns those of the outputs.</summary>
    /// <exception cref="ShapeException">The operator cannot take them.</exception>
    public abstract Shape[] Infer(ReadOnlySpan<Shape> inputs);

    /// <summary>Floating-point operations of one run; a multiply-add is two.</summary>
    public virtual long Operations(ReadOnlySpan<Shape> inputs) => 0;

    /// <summary>Bytes that must at least be moved in one run: every input, parameter and output once,
    /// an updated output twice.</summary>
    public virtual long Bytes(ReadOnlySpan<Shape> inputs)
    {
        long bytes = 0;
        for (int i = 0; i < inputs.Length; i++)
            bytes += inputs[i].Count * Size(TypeOf(i));
        Shape[] outputs = Infer(inputs);
        for (int i = 0; i < outputs.Length; i++)
            bytes += outputs[i].Count * Size(OutputType) * (Updates(i) ? 2 : 1);
        return bytes;
    }

    /// <summary>
    /// The numbers of weights and biases of an operator whose parameters are packed beforehand (<see cref="Operators.Pack"/>);
    /// null for all others.
    /// </summary>
    internal virtual (Int128 Weights, int Biases)? PackedLengths => null;

    /// <summary>Elements from an output's offset to the last that is written in its last image.</summary>
    internal virtual long Reach(Shape output) => output.ImageLength;

    /// <summary>The operator with its parameters: <c>max pool 3x3 s2 p1</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>The operator with what sets it apart from others of its name.</summary>
    private protected virtual string Describe() => Name;

    /// <summary>Bytes of an element.</summary>
    private protected static int Size(DataType type) => type == DataType.Float32 ? 4 : 1;

    /// <summary>Throws unless exactly <paramref name="count"/> inputs are given, each well-formed.</summary>
    private protected void Require(ReadOnlySpan<Shape> inputs, int count)
    {
        if (inputs.Length != count)
            throw new ShapeException($"{Name} takes {count} input(s), {inputs.Length} given");
        foreach (Shape input in inputs)
            input.Checked($"an input of {Name}");
    }

    /// <summary>Throws unless the two shapes are equal.</summary>
    private protected void RequireSame(Shape expected, Shape found, string what)
    {
        if (expected != found)
            throw new ShapeException($"{Name}: {what} has shape {found}, {expected} is needed");
    }
}
