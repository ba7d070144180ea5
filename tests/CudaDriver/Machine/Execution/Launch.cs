using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Memory;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Execution;

/// <summary>A kernel with all that it is launched with.</summary>
internal sealed class Launch(
    Kernel kernel, Size3 groups, Size3 threads, byte[] parameters, int dynamicShared, DeviceMemory memory, MachineOptions options)
{
    /// <summary>Bytes of shared memory that a group can have without asking for more.</summary>
    public const int MostShared = 49152;

    private const int MostGroupsYz = 65535;
    private static readonly Size3 _mostThreads = new(1024, 1024, 64);

    public Kernel Kernel => kernel;

    public Size3 Groups => groups;

    public Size3 Threads => threads;

    public byte[] Parameters => parameters;

    public DeviceMemory Memory => memory;

    public MachineOptions Options => options;

    /// <summary>The tensors that it was given; null where nobody said.</summary>
    public IReadOnlyList<Extent>? Tensors { get; init; }

    /// <summary>What holds nothing from here on.</summary>
    public IReadOnlyList<Extent> Undefined { get; init; } = [];

    /// <summary>Where to count what is executed; null where nobody wants to know.</summary>
    public KernelCounts? Counts { get; init; }

    public int SharedBytes => kernel.SharedBytes + dynamicShared;

    /// <summary>Instructions that threads have executed.</summary>
    public long ThreadInstructions { get; set; }

    /// <summary>Executes all groups, in an order that the seed decides.</summary>
    /// <exception cref="Fault">The kernel does what it must not do.</exception>
    public void Run()
    {
        CheckLimits();
        foreach (Extent extent in Undefined)
        {
            for (uint n = 0; n < extent.Pieces; n++)
                memory.Define(extent.Start + (n * extent.Stride), extent.Bytes, isDefined: false);
        }
        memory.BeginLaunch(kernel.StoresBytes, Tensors, parameters);
        if (Counts is not null)
            Counts.Launches++;
        using var group = new Group(this);
        int count = (int)groups.Count;
        var order = new int[count];
        var random = new Sequence(options.Seed ^ (ulong)count);
        for (int n = 0; n < count; n++)
        {
            int other = random.Below(n + 1);
            order[n] = order[other];
            order[other] = n;
        }
        foreach (int number in order)
            group.Run(number);
    }

    private void CheckLimits()
    {
        if (groups.Count is 0 or > int.MaxValue || threads.Count == 0 || groups.Y > MostGroupsYz || groups.Z > MostGroupsYz)
            throw new Fault(FaultKind.LaunchLimit, $"{kernel.Name}: a grid of {groups} groups of {threads} threads");
        if (threads.X > _mostThreads.X || threads.Y > _mostThreads.Y || threads.Z > _mostThreads.Z || threads.Count > kernel.MostThreads)
            throw new Fault(FaultKind.LaunchLimit, $"{kernel.Name}: groups of {threads} threads, of at most {kernel.MostThreads}");
        if (SharedBytes > MostShared)
            throw new Fault(FaultKind.LaunchLimit, $"{kernel.Name}: {SharedBytes} bytes of shared memory, of at most {MostShared}");
        if (parameters.Length != kernel.ParameterBytes)
        {
            throw new Fault(
                FaultKind.ParameterSize, $"{kernel.Name}: {parameters.Length} bytes of parameters in place of {kernel.ParameterBytes}");
        }
    }
}
