using SpGpu.PtxMachine.Execution;

namespace SpGpu.CudaDriver;

/// <summary>Captured work. It runs in any order that its dependencies allow, another one each time.</summary>
internal sealed class CudaGraph
{
    private readonly List<Work> _works = [];
    private Sequence _random = new(Driver.Settings.Machine.Seed);

    public IReadOnlyList<Work> Works => _works;

    public void Add(Work work) => _works.Add(work);

    /// <summary>A graph with the same work.</summary>
    public CudaGraph Copy()
    {
        var copy = new CudaGraph();
        copy._works.AddRange(_works);
        return copy;
    }

    public void Run()
    {
        var waitsFor = _works.ToDictionary(work => work, work => After(work).Count);
        var later = _works.ToDictionary(work => work, _ => new List<Work>());
        foreach (Work work in _works)
        {
            foreach (Work before in After(work))
                later[before].Add(work);
        }
        var ready = new List<Work>(_works.Where(work => After(work).Count == 0));
        while (ready.Count > 0)
        {
            int chosen = _random.Below(ready.Count);
            Work work = ready[chosen];
            ready.RemoveAt(chosen);
            work.Run();
            ready.AddRange(later[work].Where(next => --waitsFor[next] == 0));
        }
    }

    private static IReadOnlyList<Work> After(Work work) => Driver.Settings.LooseGraphs ? [] : work.After;
}
