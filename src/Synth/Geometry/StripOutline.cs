namespace SpGpu.Synth.Geometry;

/// <summary>
/// How wide a strip is where a view sees it. The rule for what is thinner than a pixel: down to
/// <see cref="Faintest"/> it is drawn, and labelled, a pixel wide, so that it stays connected; below that it is
/// neither drawn nor labelled.
/// </summary>
internal sealed class StripOutline
{
    /// <summary>The least true width, in pixels, of what is still drawn.</summary>
    public const double Faintest = 0.9;

    private readonly Strip _strip;
    private readonly Vec[] _halves;

    public StripOutline(Strip strip, View view)
    {
        _strip = strip;
        IReadOnlyList<Vec> points = strip.Points;
        Entered = [.. points.Select(view.Enter)];
        Widths = new double[points.Count];
        _halves = new Vec[points.Count];
        for (int i = 0; i < points.Count; i++)
        {
            int before = Math.Max(i - 1, 0), after = Math.Min(i + 1, points.Count - 1);
            Vec along = points[after] - points[before];
            Vec across = strip.Across?[i] ?? along.Cross(view.Toward(points[i])).Unit();
            _halves[i] = across * (strip.WidthAt((double)i / (points.Count - 1)) / 2);
            Widths[i] = Measure(view, i, along);
            if (Widths[i] is >= Faintest and < 1)
            {
                _halves[i] *= 1 / Widths[i];
                Widths[i] = 1;
            }
        }
    }

    /// <summary>The points as <see cref="View.Enter"/> gives them.</summary>
    public Vec[] Entered { get; }

    /// <summary>Pixels across at every point as drawn; 0 behind the camera, where there is no width.</summary>
    public double[] Widths { get; }

    /// <summary>Whether the stretch from a point to the next is drawn; what passes the camera is, if its front is.</summary>
    public bool IsDrawn(int i) => Math.Max(Widths[i], Widths[i + 1]) >= 1
        && (IsDrawnAt(i) || Widths[i] == 0) && (IsDrawnAt(i + 1) || Widths[i + 1] == 0);

    /// <summary>Adds the strip as the view sees it.</summary>
    public void AddTo(Mesh mesh, int thing)
    {
        IReadOnlyList<Vec> points = _strip.Points;
        double along = 0;
        for (int i = 0; i + 1 < points.Count; i++)
        {
            Vec a = points[i], b = points[i + 1], direction = (b - a).Unit();
            if (IsDrawn(i))
            {
                Vec half = _halves[i] + _halves[i + 1];
                Vec across = half.Unit();
                // Tubes count from -1 to 1 across, so that light can bend round them; bands count in metres.
                Vec u = _strip.Across is null ? across * (4 / half.Length) : across;
                var surface = new Surface(_strip.Class, _strip.Material, a - direction * along, u, direction,
                    across.Cross(direction), _strip.Across is null, thing);
                mesh.Add(surface, a - _halves[i], a + _halves[i], b + _halves[i + 1], b - _halves[i + 1]);
            }
            along += (b - a).Length;
        }
    }

    private bool IsDrawnAt(int i) => Widths[i] >= 1;

    private double Measure(View view, int i, Vec along)
    {
        // Ends of a stretch in pixels; a millimetre is near enough to a tangent.
        Vec step = along.Unit() * 0.001, at = _strip.Points[i];
        if (view.IsCut(Entered[i]))
            return 0;
        Vec low = view.Project(view.Enter(at - _halves[i])), high = view.Project(view.Enter(at + _halves[i]));
        Vec from = view.Project(view.Enter(at - step)), to = view.Project(view.Enter(at + step));
        Vec tangent = new Vec(to.X - from.X, to.Y - from.Y, 0).Unit();
        double width = Math.Abs((high.X - low.X) * tangent.Y - (high.Y - low.Y) * tangent.X);
        // Just above nothing is told apart from behind the camera.
        return Math.Max(width, 1e-6);
    }
}
