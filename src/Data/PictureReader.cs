namespace SpGpu.Data;

/// <summary>
/// Reads pictures one after the other; the next one on another thread, if it is asked for while the caller still has
/// something to do that leaves a thread free, such as writing a file. Not for several threads at once.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="warn">Takes, when a picture is taken, what is wrong with it though it can be read.</param>
public sealed class PictureReader(IReadOnlyList<string> paths, Action<string>? warn = null)
{
    private Task<(RgbImage Image, string? Warning)>? _next;
    private int _index;

    /// <summary>Begins to read the next picture, if there is one.</summary>
    public void Begin()
    {
        if (_next is null && _index < paths.Count)
        {
            string path = paths[_index];
            _next = Task.Run(() =>
            {
                string? warning = null;
                return (RgbImage.Read(path, warn: message => warning = message), warning);
            });
        }
    }

    /// <summary>The next picture; the one after it follows even where this one cannot be read.</summary>
    /// <exception cref="ImageException">As for <see cref="RgbImage.Read(string, bool, Action{string})"/>.</exception>
    public RgbImage Take()
    {
        Begin();
        Task<(RgbImage Image, string? Warning)> next = _next ?? throw new InvalidOperationException("all pictures have been taken");
        _next = null;
        _index++;
        (RgbImage image, string? warning) = next.GetAwaiter().GetResult();
        if (warning is not null)
            warn?.Invoke(warning);
        return image;
    }
}
