using SpGpu.PtxMachine.Memory;

namespace SpGpu.PtxMachine.Execution;

/// <summary>A group of threads that is being executed: its warps in turns of random length until all wait or have ended.</summary>
internal sealed class Group : IDisposable
{
    private const int LongestTurn = 96;
    private readonly Warp[] _warps;

    public Group(Launch launch)
    {
        Launch = launch;
        Shared = new SharedMemory(launch.SharedBytes, launch.Options.Races, launch.Kernel.StoresBytes);
        _warps = new Warp[(launch.Threads.Count + Lanes.Count - 1) / Lanes.Count];
        for (int n = 0; n < _warps.Length; n++)
            _warps[n] = new Warp(this, n);
    }

    public Launch Launch { get; }

    public SharedMemory Shared { get; }

    public int Number { get; private set; }

    public void Run(int number)
    {
        Number = number;
        Shared.Clear();
        var random = new Sequence(Launch.Options.Seed + ((ulong)number << 20));
        var ready = new List<Warp>(_warps);
        foreach (Warp warp in _warps)
            warp.Begin();
        long steps = 0;
        while (ready.Count > 0)
        {
            int chosen = random.Below(ready.Count);
            Warp warp = ready[chosen];
            steps += warp.Run(1 + random.Below(LongestTurn), ref random);
            if (steps > Launch.Options.MostSteps)
                throw warp.Fault(FaultKind.EndlessLoop, 0, 0, $"{steps} instructions of one group and no end");
            if (warp.IsWaiting || warp.HasEnded)
                ready.RemoveAt(chosen);
            if (ready.Count == 0)
                PassBarrier(ready);
        }
        foreach (Warp warp in _warps)
        {
            Launch.ThreadInstructions += warp.Executed;
            warp.Executed = 0;
        }
    }

    public void Dispose()
    {
        Shared.Dispose();
        foreach (Warp warp in _warps)
            warp.Dispose();
    }

    private void PassBarrier(List<Warp> ready)
    {
        if (Array.Find(_warps, warp => warp.IsWaiting) is not { } waiting)
            return;
        if (Array.Find(_warps, warp => warp.HasLeft) is { } gone)
            throw waiting.Fault(FaultKind.DivergentBarrier, 0, 0, $"waits at a barrier, and threads of warp {gone.Index} have ended");
        Shared.PassBarrier();
        foreach (Warp warp in _warps)
            warp.PassBarrier();
        ready.AddRange(_warps);
    }
}
