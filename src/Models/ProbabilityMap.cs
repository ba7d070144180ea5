using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>
/// Sums of the probabilities of a scaled picture's views at every pixel, padding included: 1, classes, height, width on
/// the device. Where several together are too large for it they wait on the host, and come back a few rows at a time.
/// </summary>
internal sealed class ProbabilityMap : IDisposable
{
    private readonly Device _device;
    private readonly WindowAxis _rows;
    private readonly WindowAxis _columns;
    private Tensor _sums;
    private float[]? _onHost;
    private float[] _rowTable = [];
    private Tensor _bandTable;
    private Tensor _columnTable;
    private Operation? _add;

    public ProbabilityMap(Device device, int classes, WindowAxis rows, WindowAxis columns)
    {
        (_device, _rows, _columns) = (device, rows, columns);
        _sums = Tensor.Allocate(device, new Shape(1, classes, rows.Extent, columns.Extent).Checked("the map of probabilities"));
        _sums.Memory.Clear();
    }

    /// <summary>Where the window that starts at a row and a column of the padded picture adds its probabilities.</summary>
    public Tensor At(int top, int left) => _sums with { Offset = top * _columns.Extent + left };

    /// <summary>Moves the sums to the host.</summary>
    public void MoveToHost()
    {
        _onHost = Download();
        _sums.Memory.Dispose();
    }

    /// <summary>Makes ready for <see cref="AddTo"/>.</summary>
    /// <param name="picture">The picture's own size.</param>
    /// <param name="bandHeight">Rows that are asked for at a time.</param>
    public void Prepare(Size2D picture, int bandHeight)
    {
        _rowTable = _rows.Table(picture.Height);
        float[] columns = _columns.Table(picture.Width);
        _bandTable = Tensor.Allocate(_device, new Shape(1, 1, bandHeight, 3));
        _columnTable = Tensor.Allocate(_device, new Shape(1, 1, picture.Width, 3));
        _columnTable.Upload<float>(columns);
        if (_onHost is not null)
        {
            int most = Enumerable.Range(0, picture.Height - bandHeight + 1).Max(first => Entry(first + bandHeight - 1) - Entry(first) + 2);
            _sums = Tensor.Allocate(_device, _sums.Shape with { H = Math.Min(most, _rows.Extent) });
        }
        _add = _device.Operators.Prepare(new AddInterpolated(), [_sums.Shape, _bandTable.Shape, _columnTable.Shape]);
    }

    /// <summary>Adds the mean probabilities, resized to the picture's own size, of the rows from <paramref name="first"/> on.</summary>
    public void AddTo(Tensor band, int first)
    {
        float[] table = _rowTable[(3 * first)..(3 * (first + band.Shape.H))];
        if (_onHost is not null)
        {
            int top = Math.Min(Entry(first), _rows.Extent - _sums.Shape.H);
            Fetch(_onHost, top);
            for (int i = 0; i < table.Length; i += 3)
                table[i] -= top;
        }
        _bandTable.Upload<float>(table);
        _add!.Run([_sums, _bandTable, _columnTable], [band]);
    }

    /// <summary>All sums, for a look at them.</summary>
    public float[] Download() => _onHost ?? _sums.ToHost();

    public void Dispose()
    {
        _sums.Memory.Dispose();
        _bandTable.Memory?.Dispose();
        _columnTable.Memory?.Dispose();
    }

    /// <summary>The first row of the sums that row <paramref name="y"/> of the picture reads.</summary>
    private int Entry(int y) => (int)_rowTable[3 * y];

    /// <summary>Takes the rows from <paramref name="top"/> on, as many as there is room for, back to the device.</summary>
    private void Fetch(float[] values, int top)
    {
        int plane = _rows.Extent * _columns.Extent;
        Tensor rows = _sums with { Shape = _sums.Shape with { C = 1 } };
        for (int c = 0; c < _sums.Shape.C; c++, rows = rows with { Offset = rows.Offset + rows.Shape.Plane })
            rows.Upload<float>(values.AsSpan(c * plane + top * _columns.Extent, rows.Shape.Plane));
    }
}
