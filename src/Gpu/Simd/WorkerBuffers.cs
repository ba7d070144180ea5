using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>One small buffer a worker, on the pinned heap, so that operations need no disposal.</summary>
internal sealed unsafe class WorkerBuffers
{
    private readonly float[][] _buffers;

    public WorkerBuffers(Team team, int length)
    {
        _buffers = new float[team.Size][];
        for (int i = 0; i < _buffers.Length; i++)
            _buffers[i] = GC.AllocateUninitializedArray<float>(length, pinned: true);
    }

    public float* this[int worker] => (float*)Unsafe.AsPointer(ref _buffers[worker][0]);
}
