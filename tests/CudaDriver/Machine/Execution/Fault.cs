namespace SpGpu.PtxMachine.Execution;

/// <summary>What can go wrong on a GPU, seen or unseen.</summary>
internal enum FaultKind
{
    OutOfBounds,
    OutsideTensors,
    InputWritten,
    UndefinedRead,
    Misaligned,
    SharedNotWritten,
    SharedRace,
    GlobalRace,
    RegisterNotSet,
    DivergentBarrier,
    DivergentUniformBranch,
    LaunchLimit,
    ParameterSize,
    EndlessLoop,
}

/// <summary>A kernel did something that it must not do.</summary>
internal sealed class Fault(FaultKind kind, string message) : Exception(message)
{
    public FaultKind Kind { get; } = kind;
}
