namespace SpGpu.Checks;

/// <summary>Adds up terms with errors of their own, as a device does in float32 in any order.</summary>
internal struct Total
{
    private double _value;
    private double _magnitude;
    private double _error;
    private int _terms;

    /// <summary>The sum.</summary>
    public readonly Estimate Sum => Among(_terms);

    /// <summary>The sum, where it shares the rounding of <paramref name="terms"/> terms of such a size.</summary>
    public readonly Estimate Among(int terms)
    {
        Estimate sum = Estimate.Sum(_value, _terms == 0 ? 0 : _magnitude * terms / _terms, terms);
        return sum with { Error = sum.Error + _error };
    }

    /// <summary>Adds a term.</summary>
    public void Add(Estimate term)
    {
        _value += term.Value;
        _magnitude += Math.Abs(term.Value);
        _error += term.Error;
        _terms++;
    }

    /// <summary>A sum over the images, rows and columns of a channel of <paramref name="shape"/>.</summary>
    public static Estimate OverChannel(Shape shape, Func<int, int, int, Estimate> term)
    {
        var sum = new Total();
        for (int n = 0; n < shape.N; n++)
        {
            for (int i = 0; i < shape.H; i++)
            {
                for (int j = 0; j < shape.W; j++)
                    sum.Add(term(n, i, j));
            }
        }
        return sum.Sum;
    }
}
