using System.Numerics;
using System.Runtime.Intrinsics;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Execution;

/// <summary>
/// D = A B + C of a warp, where A is 16 x 8, B 8 x 8, and each lane holds four elements of A, two of B and four of C and D:
/// PTX ISA, "Matrix Fragments for mma.m16n8k8". Of factors the low 13 bits do not count. Products are exact and summed in
/// double precision; in which order tensor cores add, and how they round in between, NVIDIA does not say.
/// </summary>
internal static unsafe class TensorProduct
{
    private const int M = 16, N = 8, K = 8;
    private const uint Kept = 0xFFFFE000;

    public static void M16N8K8(Warp warp, ref Instruction i, uint mask)
    {
        if (mask != Lanes.All)
            throw warp.Fault(FaultKind.DivergentBarrier, BitOperations.TrailingZeroCount(~mask), 0, "is missing from a product of a warp");
        double* a = stackalloc double[M * K], b = stackalloc double[K * N];
        float* sums = stackalloc float[M * N];
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            int row = lane >> 2, column = lane & 3;
            for (int n = 0; n < 4; n++)
            {
                a[((row + (8 * (n & 1))) * K) + column + (4 * (n >> 1))] = Factor(warp, i.Rows[n], lane);
                sums[((row + (8 * (n >> 1))) * N) + (2 * column) + (n & 1)] = warp.Row<float>(i.Rows[6 + n])[lane];
            }
            for (int n = 0; n < 2; n++)
                b[((column + (4 * n)) * N) + row] = Factor(warp, i.Rows[4 + n], lane);
        }
        for (int row = 0; row < M; row++)
        {
            Vector256<float> start = Vector256.Load(sums + (row * N));
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(start);
            for (int k = 0; k < K; k++)
            {
                Vector256<double> factor = Vector256.Create(a[(row * K) + k]);
                low = Vector256.FusedMultiplyAdd(factor, Vector256.Load(b + (k * N)), low);
                high = Vector256.FusedMultiplyAdd(factor, Vector256.Load(b + (k * N) + 4), high);
            }
            Nan.Canonical(Vector256.Narrow(low, high)).Store(sums + (row * N));
        }
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            for (int n = 0; n < 4; n++)
                warp.Row<float>(i.Destinations[n])[lane] = sums[(((lane >> 2) + (8 * (n >> 1))) * N) + (2 * (lane & 3)) + (n & 1)];
        }
    }

    private static double Factor(Warp warp, int row, int lane) => BitConverter.UInt32BitsToSingle(warp.Row<uint>(row)[lane] & Kept);
}
