using System.Runtime.InteropServices;

namespace SpGpu.Mpi;

/// <summary>The few functions of an MPI library that are needed. Every transfer is of bytes: nothing is computed there.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>MPI_THREAD_FUNNELED: one thread makes all calls, and the process has others.</summary>
    private const int Funneled = 1;

    // The numbers of MPICH's ABI for MPI_COMM_WORLD and MPI_BYTE.
    private const nint MpichWorld = 0x44000000, MpichByte = 0x4c00010d;

    private readonly nint _library, _world, _byte;
    private readonly string _name;

    private MpiLibrary(nint library, MpiFlavour flavour)
    {
        (_library, _name) = (library, flavour.Name);
        (_world, _byte) = flavour == MpiFlavour.Mpich
            ? (MpichWorld, MpichByte)
            : (Export("ompi_mpi_comm_world"), Export("ompi_mpi_byte"));
    }

    /// <summary>Loads the library of a kind.</summary>
    /// <exception cref="ConfigurationException">It is not installed.</exception>
    public static MpiLibrary Load(MpiFlavour flavour)
    {
        foreach (string file in flavour.Files)
        {
            if (NativeLibrary.TryLoad(file, out nint library))
                return new MpiLibrary(library, flavour);
        }
        throw new ConfigurationException(
            $"this process was started by {flavour.Name}, whose library {flavour.Files[0]} cannot be loaded; install it, " +
            "or set SPGPU_MPI=none for processes that each work alone");
    }

    /// <summary>Connects the processes; the thread that calls it makes all other calls.</summary>
    public void Start()
    {
        int provided;
        Check(
            ((delegate* unmanaged[Cdecl]<nint, nint, int, int*, int>)Export("MPI_Init_thread"))(0, 0, Funneled, &provided),
            "MPI_Init_thread");
        if (provided < Funneled)
            throw new ConfigurationException($"this build of {_name} is for programs of one thread; install another one");
    }

    public int Rank() => Number("MPI_Comm_rank");

    public int Size() => Number("MPI_Comm_size");

    public void Gather(void* mine, int length, void* all) =>
        Check(((delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int>)Export("MPI_Allgather"))(
            mine, length, _byte, all, length, _byte, _world), "MPI_Allgather");

    public void Exchange(void* given, int part, void* taken) =>
        Check(((delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int>)Export("MPI_Alltoall"))(
            given, part, _byte, taken, part, _byte, _world), "MPI_Alltoall");

    public void Broadcast(void* bytes, int length) =>
        Check(
            ((delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)Export("MPI_Bcast"))(bytes, length, _byte, 0, _world),
            "MPI_Bcast");

    public void Finish() => Check(((delegate* unmanaged[Cdecl]<int>)Export("MPI_Finalize"))(), "MPI_Finalize");

    /// <summary>Ends all processes.</summary>
    public void Abort(int code) => ((delegate* unmanaged[Cdecl]<nint, int, int>)Export("MPI_Abort"))(_world, code);

    private int Number(string function)
    {
        int number;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, int>)Export(function))(_world, &number), function);
        return number;
    }

    private nint Export(string name) => NativeLibrary.TryGetExport(_library, name, out nint address)
        ? address
        : throw new ConfigurationException($"the library of {_name} has no {name}; install a complete one");

    /// <summary>By default a library ends the process itself where something is wrong, with a text of its own.</summary>
    private void Check(int code, string function)
    {
        if (code != 0)
            throw new ConfigurationException($"{function} of {_name} failed with code {code}; look at what {_name} has printed");
    }
}
