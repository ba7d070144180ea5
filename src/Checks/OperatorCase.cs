using System.Collections.Immutable;

namespace SpGpu.Checks;

/// <summary>
/// One operator with parameters, shapes and data to run it on. The same cases serve the correctness tests, the
/// self-test on a user's device and the benchmarks; <see cref="OperatorCases.All"/> lists them.
/// </summary>
/// <param name="Specification">The operator.</param>
/// <param name="Inputs">The shapes of its inputs.</param>
/// <param name="Size">How much work it is.</param>
public sealed record OperatorCase(Specification Specification, ImmutableArray<Shape> Inputs, CaseSize Size)
{
    /// <summary>Where the inputs lie.</summary>
    public Placement InputPlacement { get; init; }

    /// <summary>Where the outputs lie.</summary>
    public Placement OutputPlacement { get; init; }

    /// <summary>
    /// The tensor, counted from the first input to the last output, whose images are an odd number of elements apart, so that
    /// its first is aligned to vectors and the next is not; null if there is none.
    /// </summary>
    public int? Apart { get; init; }

    /// <summary>What the inputs hold.</summary>
    public Content Content { get; init; }

    /// <summary>The row and the column of the outputs' planes at which the operator starts to write.</summary>
    public Size2D Origin { get; init; }

    /// <summary>The shapes of the outputs.</summary>
    public Shape[] Outputs => Specification.Infer(Inputs.AsSpan());

    /// <summary>Says all that sets the case apart: <c>convolution 3x3 s1 p2 d2 64->65 relu 1x64x17x65</c>.</summary>
    public string Name => CaseName.Of(this);

    /// <summary>The seed of the data: a hash (FNV-1a) of the name, so that it stays when cases come and go.</summary>
    public ulong Seed => Name.Aggregate(0xCBF29CE484222325ul, (hash, letter) => (hash ^ letter) * 0x100000001B3ul);

    /// <summary>Whether GPU kernels compute it in tiles whose side can be chosen, and not group by group.</summary>
    public bool IsTiled => Check.IsTiled(Specification);

    /// <summary>The rows and columns of an output plane that the operator writes.</summary>
    internal Size2D Written(Shape output) => Check.Written(Specification, output);

    /// <summary>The check that it is a case of.</summary>
    internal Check Check => Check.Of(Specification);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
