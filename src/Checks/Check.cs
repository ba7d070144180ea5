using System.Collections.Immutable;

namespace SpGpu.Checks;

/// <summary>
/// The check of one operator: its formula in plain C# in double precision, straight from its specification and one
/// output element at a time (slow, and unlike any way in which a device computes it), and the cases on which devices
/// are held to it.
/// </summary>
internal abstract class Check
{
    /// <summary>
    /// Every check, by name. They are found in the assembly instead of listed, so that a new operator touches one file
    /// here, its check, and a check cannot be forgotten.
    /// </summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        .. typeof(Check).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Check)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => (Check)Activator.CreateInstance(type)!),
    ];

    private static readonly Dictionary<Type, Check> _byOperator = All.ToDictionary(check => check.Operator);

    /// <summary>The check of <paramref name="specification"/>.</summary>
    /// <exception cref="ShapeException">There is none.</exception>
    public static Check Of(Specification specification) => _byOperator.TryGetValue(specification.GetType(), out Check? check)
        ? check
        : throw new ShapeException($"there is no reference for '{specification.Name}'");

    /// <summary>The type of the specification.</summary>
    public abstract Type Operator { get; }

    /// <summary>The cases, in any order of size.</summary>
    public abstract IEnumerable<OperatorCase> Cases { get; }

    /// <summary>Whether GPU kernels compute it in tiles whose side can be chosen, and not group by group.</summary>
    public virtual bool IsTiled(Specification specification) => false;

    /// <summary>The elements of each output.</summary>
    public abstract Element[] Reference(Specification specification, CaseData data);

    /// <summary>What compares the elements of each output.</summary>
    public abstract Judge[] Judges(Specification specification, CaseData data);

    /// <summary>The rows and columns of a plane of <paramref name="output"/> that the operator writes.</summary>
    public abstract Size2D Written(Specification specification, Shape output);

    /// <summary>What draws the elements of an input that has a range of its own; null for one that takes any.</summary>
    public abstract Func<double>? Drawn(Specification specification, Draw draw, int input);

    /// <summary>What draws what an updated output holds before the run and has a range of its own; null for one that takes any.</summary>
    public abstract Func<double>? DrawnBefore(Specification specification, Draw draw, int output);

    /// <summary>The inputs with those that follow from others computed from them.</summary>
    public abstract ImmutableArray<Samples> Completed(Specification specification, ImmutableArray<Samples> inputs);

    /// <summary>The parameters to pack; null for an operator without any.</summary>
    public abstract (float[]? Weight, float[]? Bias) Parameters(Specification specification, Draw draw);
}

/// <summary>The check of the operator that <typeparamref name="TSpecification"/> specifies.</summary>
internal abstract class Check<TSpecification> : Check
    where TSpecification : Specification
{
    public sealed override Type Operator => typeof(TSpecification);

    public sealed override Element[] Reference(Specification specification, CaseData data) =>
        Reference((TSpecification)specification, data);

    public sealed override Judge[] Judges(Specification specification, CaseData data) => Judges((TSpecification)specification, data);

    public sealed override Size2D Written(Specification specification, Shape output) => Written((TSpecification)specification, output);

    public sealed override Func<double>? Drawn(Specification specification, Draw draw, int input) =>
        Drawn((TSpecification)specification, draw, input);

    public sealed override Func<double>? DrawnBefore(Specification specification, Draw draw, int output) =>
        DrawnBefore((TSpecification)specification, draw, output);

    public sealed override ImmutableArray<Samples> Completed(Specification specification, ImmutableArray<Samples> inputs) =>
        Completed((TSpecification)specification, inputs);

    public sealed override (float[]? Weight, float[]? Bias) Parameters(Specification specification, Draw draw) =>
        Parameters((TSpecification)specification, draw);

    /// <inheritdoc cref="Reference(Specification, CaseData)"/>
    protected abstract Element[] Reference(TSpecification specification, CaseData data);

    /// <summary>What compares the elements: each with its reference, unless a rule of the operator's own is needed.</summary>
    protected virtual Judge[] Judges(TSpecification specification, CaseData data) =>
    [
        .. Reference(specification, data).Select(element =>
            (Judge)((n, c, i, j, actual) => Finding.Of(element(n, c, i, j), actual))),
    ];

    /// <inheritdoc cref="Written(Specification, Shape)"/>
    protected virtual Size2D Written(TSpecification specification, Shape output) => (output.H, output.W);

    /// <inheritdoc cref="Drawn(Specification, Draw, int)"/>
    protected virtual Func<double>? Drawn(TSpecification specification, Draw draw, int input) => null;

    /// <inheritdoc cref="DrawnBefore(Specification, Draw, int)"/>
    protected virtual Func<double>? DrawnBefore(TSpecification specification, Draw draw, int output) => null;

    /// <inheritdoc cref="Completed(Specification, ImmutableArray{Samples})"/>
    protected virtual ImmutableArray<Samples> Completed(TSpecification specification, ImmutableArray<Samples> inputs) => inputs;

    /// <inheritdoc cref="Parameters(Specification, Draw)"/>
    protected virtual (float[]? Weight, float[]? Bias) Parameters(TSpecification specification, Draw draw) => default;
}
