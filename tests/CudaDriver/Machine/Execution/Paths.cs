namespace SpGpu.PtxMachine.Execution;

/// <summary>Lanes of a warp that are at the same instruction.</summary>
internal struct Path(int at, int meeting, uint mask)
{
    public int At = at;

    /// <summary>Where they wait for those that took another way; -1 for nowhere.</summary>
    public int Meeting = meeting;

    public uint Mask = mask;
    public bool IsWaiting;
}

/// <summary>
/// The ways that the lanes of a warp are on. Where they meet again as soon as they can, this is a stack: at a branch whose
/// lanes disagree, what comes after the meeting point stays below, and both ways lie above it. Otherwise any way may be next.
/// </summary>
internal sealed class Paths(bool together)
{
    private Path[] _paths = new Path[Lanes.Count * 2];
    private int _count;

    /// <summary>The way whose turn it is.</summary>
    public ref Path Last => ref _paths[_count - 1];

    /// <summary>Whether another way could be next.</summary>
    public bool MayChange => _count > 1;

    public void Begin(uint mask)
    {
        _count = 1;
        _paths[0] = new Path(0, -1, mask);
    }

    /// <summary>Takes a way that has come to its meeting point from the stack.</summary>
    /// <returns>Whether one was taken, so that another is to be chosen.</returns>
    public bool HaveMet()
    {
        bool taken = false;
        while (_count > 1 && Last.At == Last.Meeting)
        {
            _count--;
            taken = true;
        }
        return taken;
    }

    /// <summary>Lanes of the way branch.</summary>
    public void Branch(int target, int meeting, uint mask)
    {
        ref Path path = ref Last;
        uint others = path.Mask & ~mask;
        if (mask == 0)
            path.At++;
        else if (others == 0)
            path.At = target;
        else
        {
            int next = path.At + 1;
            if (!together || meeting < 0)
            {
                path = new Path(next, together ? path.Meeting : -1, others);
                Push(new Path(target, path.Meeting, mask));
            }
            else
            {
                path.At = meeting;
                Push(new Path(next, meeting, others));
                Push(new Path(target, meeting, mask));
            }
        }
    }

    /// <summary>Lanes have ended.</summary>
    public void End(uint mask)
    {
        int kept = 0;
        for (int n = 0; n < _count; n++)
        {
            _paths[n].Mask &= ~mask;
            if (_paths[n].Mask != 0)
                _paths[kept++] = _paths[n];
        }
        _count = kept;
    }

    /// <summary>
    /// Chooses the way that is next. Where all wait, they become one; false if they wait at different instructions.
    /// </summary>
    public bool Choose(ref Sequence random)
    {
        if (together || _count == 0)
            return true;
        int ready = 0;
        for (int n = 0; n < _count; n++)
            ready += _paths[n].IsWaiting ? 0 : 1;
        if (ready == 0)
            return Join();
        int chosen = random.Below(ready);
        for (int n = 0; n < _count; n++)
        {
            if (!_paths[n].IsWaiting && chosen-- == 0)
                (_paths[n], Last) = (Last, _paths[n]);
        }
        return true;
    }

    private bool Join()
    {
        uint all = 0;
        for (int n = 0; n < _count; n++)
        {
            if (_paths[n].At != _paths[0].At)
                return false;
            all |= _paths[n].Mask;
        }
        (_paths[0].Mask, _paths[0].IsWaiting, _count) = (all, false, 1);
        return true;
    }

    private void Push(Path path)
    {
        if (_count == _paths.Length)
            Array.Resize(ref _paths, 2 * _count);
        _paths[_count++] = path;
    }
}
