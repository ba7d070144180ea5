namespace SpGpu.Data;

/// <summary>
/// Reads pictures one after the other; the next one on another thread, if it is asked for while the caller still has
/// something to do that leaves a thread free, such as writing a file. Not for several threads at once.
/// </summary>
/// <param name="paths">The files.</param>
public sealed class PictureReader(IReadOnlyList<string> paths)
{
    private Task<RgbImage>? _next;
    private int _index;

    /// <summary>Begins to read the next picture, if there is one.</summary>
    public void Begin()
    {
        if (_next is null && _index < paths.Count)
        {
            string path = paths[_index];
            _next = Task.Run(() => RgbImage.Read(path));
        }
    }

    /// <summary>The next picture; the one after it follows even where this one cannot be read.</summary>
    /// <exception cref="ImageException">As for <see cref="RgbImage.Read(string, bool)"/>.</exception>
    public RgbImage Take()
    {
        Begin();
        Task<RgbImage> next = _next ?? throw new InvalidOperationException("all pictures have been taken");
        _next = null;
        _index++;
        return next.GetAwaiter().GetResult();
    }
}
