namespace SpGpu.Gpu.Checks;

/// <summary>Adds up terms with errors of their own, as a device does in float32 in any order.</summary>
internal struct Total
{
    private double _value;
    private double _magnitude;
    private double _error;
    private int _terms;

    /// <summary>The sum.</summary>
    public readonly Estimate Sum
    {
        get
        {
            Estimate sum = Estimate.Sum(_value, _magnitude, _terms);
            return sum with { Error = sum.Error + _error };
        }
    }

    /// <summary>Adds a term.</summary>
    public void Add(Estimate term)
    {
        _value += term.Value;
        _magnitude += Math.Abs(term.Value);
        _error += term.Error;
        _terms++;
    }
}
