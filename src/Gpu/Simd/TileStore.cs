using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Where the sums of a whole tile go straight from their registers: <c>y = relu(sum + y + bias + residual)</c>, of which
/// every part but the sum can be absent.
/// </summary>
/// <param name="target">The first element.</param>
/// <param name="stride">Elements from one row to the next, of the residual too.</param>
internal readonly unsafe struct TileStore(float* target, long stride)
{
    /// <summary>Elements of a line of the caches.</summary>
    public const int LineLength = 16;

    private readonly float* _target = target;
    private readonly long _stride = stride;

    /// <summary>Whether the target holds the sums of earlier steps.</summary>
    public bool Adds { get; init; }

    /// <summary>One value a row, or null.</summary>
    public float* Bias { get; init; }

    /// <summary>The first element of the residual, or null.</summary>
    public float* Residual { get; init; }

    /// <summary>Whether negative results become zero.</summary>
    public bool Relu { get; init; }

    /// <summary>
    /// Asks for the lines of target and residual before the sums are computed: rows lie on pages of their own, which the
    /// processor does not foresee.
    /// </summary>
    public void Prefetch(int rows)
    {
        if (!Sse.IsSupported)
            return;
        for (int r = 0; r < rows; r++)
        {
            for (int j = 0; j < Microkernel.Columns; j += LineLength)
            {
                Sse.Prefetch0(_target + r * _stride + j);
                if (Residual != null)
                    Sse.Prefetch0(Residual + r * _stride + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row(int row, Vector512<float> left, Vector512<float> right)
    {
        float* to = _target + row * _stride;
        if (Adds)
        {
            left += Vector512.Load(to);
            right += Vector512.Load(to + Vector512<float>.Count);
        }
        if (Bias != null)
        {
            Vector512<float> bias = Vector512.Create(Bias[row]);
            left += bias;
            right += bias;
        }
        if (Residual != null)
        {
            float* from = Residual + row * _stride;
            left += Vector512.Load(from);
            right += Vector512.Load(from + Vector512<float>.Count);
        }
        if (Relu)
        {
            left = Vector512.ConditionalSelect(Vector512.LessThan(left, Vector512<float>.Zero), Vector512<float>.Zero, left);
            right = Vector512.ConditionalSelect(Vector512.LessThan(right, Vector512<float>.Zero), Vector512<float>.Zero, right);
        }
        left.Store(to);
        right.Store(to + Vector512<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row(int row, Vector256<float> left, Vector256<float> right)
    {
        float* to = _target + row * _stride;
        if (Adds)
        {
            left += Vector256.Load(to);
            right += Vector256.Load(to + Vector256<float>.Count);
        }
        if (Bias != null)
        {
            Vector256<float> bias = Vector256.Create(Bias[row]);
            left += bias;
            right += bias;
        }
        if (Residual != null)
        {
            float* from = Residual + row * _stride;
            left += Vector256.Load(from);
            right += Vector256.Load(from + Vector256<float>.Count);
        }
        if (Relu)
        {
            left = Vector256.ConditionalSelect(Vector256.LessThan(left, Vector256<float>.Zero), Vector256<float>.Zero, left);
            right = Vector256.ConditionalSelect(Vector256.LessThan(right, Vector256<float>.Zero), Vector256<float>.Zero, right);
        }
        left.Store(to);
        right.Store(to + Vector256<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row(int row, Vector128<float> left, Vector128<float> right)
    {
        float* to = _target + row * _stride;
        if (Adds)
        {
            left += Vector128.Load(to);
            right += Vector128.Load(to + Vector128<float>.Count);
        }
        if (Bias != null)
        {
            Vector128<float> bias = Vector128.Create(Bias[row]);
            left += bias;
            right += bias;
        }
        if (Residual != null)
        {
            float* from = Residual + row * _stride;
            left += Vector128.Load(from);
            right += Vector128.Load(from + Vector128<float>.Count);
        }
        if (Relu)
        {
            left = Vector128.ConditionalSelect(Vector128.LessThan(left, Vector128<float>.Zero), Vector128<float>.Zero, left);
            right = Vector128.ConditionalSelect(Vector128.LessThan(right, Vector128<float>.Zero), Vector128<float>.Zero, right);
        }
        left.Store(to);
        right.Store(to + Vector128<float>.Count);
    }
}
