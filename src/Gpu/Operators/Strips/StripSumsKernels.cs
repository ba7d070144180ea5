using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <param name="X">Place of x.</param>
/// <param name="Factor">Place of what x was multiplied by, if the terms need it; likewise the next two.</param>
/// <param name="Column">Place of a column, N,C,H,1.</param>
/// <param name="Row">Place of a row, N,C,1,W.</param>
/// <param name="Gated">Place of x * sigmoid(column + row), if the terms have it made.</param>
/// <param name="A">Place of the sums over W.</param>
/// <param name="B">Place of the sums over H.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="OverWidth">What the sums over W are divided by; 0 if they are not wanted.</param>
/// <param name="OverHeight">What the sums over H are divided by; 0 if they are not wanted.</param>
/// <param name="Rows">Rows that a group reads at once.</param>
/// <param name="Across">Threads along a row, and divides by them.</param>
/// <param name="Pitch">From one row's numbers in shared memory to the next's, odd.</param>
/// <param name="LogAdders">log2 of the rows that a group adds up at once.</param>
internal readonly record struct StripSumsScalars(
    Place X, Place Factor, Place Column, Place Row, Place Gated, Place A, Place B, int Height, int Width, float OverWidth,
    float OverHeight, int Rows, Divisor Across, int Pitch, int LogAdders);

/// <summary>
/// a N,C,H,1 = sum over W, b N,C,1,W = sum over H of a term of each element of N,C,H,W (<see cref="StripTerms"/>), divided
/// by a number, or one of the two: means, and the gradients of what is expanded. Each element is read once, by a group that
/// has a whole plane. Its threads lie along as many whole rows as fit, so that a step reads one piece of memory without a
/// gap, and each keeps to its columns (if a row is longer than the group, to one column after another). A thread asks for
/// eight rows before it adds the first: 30 KB a group, and 132 multiprocessors at 3 TB/s and 1 microsecond need 23 KB each.
/// The order of every sum depends on the plane and the group's size alone.
/// </summary>
internal static class StripSumsKernels
{
    /// <summary>Loads of x that a thread has in flight.</summary>
    private const int InFlight = 8;

    /// <summary>Threads that add up a row.</summary>
    public const int Sharers = 8;

    /// <summary>Floats of shared memory; rows of two numbers lie three apart.</summary>
    private const int Shared = InFlight * KernelDevice.MostThreads * 3 / 2;

    /// <summary>The sums; grid (channels, images).</summary>
    [Kernel(typeof(StripTerms.Plain), typeof(Items.One)), Kernel(typeof(StripTerms.Plain), typeof(Items.Four), Vectors = true)]
    [Kernel(typeof(StripTerms.ReluGradient), typeof(Items.One))]
    [Kernel(typeof(StripTerms.ReluGradient), typeof(Items.Four), Vectors = true)]
    [Kernel(typeof(StripTerms.GateGradient), typeof(Items.One))]
    [Kernel(typeof(StripTerms.GateGradient), typeof(Items.Four), Vectors = true)]
    internal static void Sums<TTerm, TItem>(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, ArrayView<float> rows,
        ArrayView<float> gated, ArrayView<float> a, ArrayView<float> b, StripSumsScalars s)
        where TTerm : struct, IStripTerm
        where TItem : struct, IItem
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Shared);
        int row = s.Across.Quotient(Group.IdxX);
        int column = TItem.Width * (Group.IdxX - row * s.Across.Value);
        int block = s.Rows * s.Pitch;
        for (int left = 0; left < s.Width; left += TItem.Width * s.Across.Value)
        {
            int w = left + column;
            bool own = row < s.Rows & w < s.Width;
            Float4 strip = default;
            if (TTerm.ReadsStrips)
                strip = TItem.Load(rows, s.Row.Image(Grid.IdxY) + Grid.IdxX * s.Width + w, own);
            var elements = new StripElements(x, factor, columns, strip, gated, s, Grid.IdxY, Grid.IdxX, w, own);
            Float4 sum = Float4.All(0f);
            for (int top = 0; top < s.Height; top += InFlight * s.Rows)
            {
                int h = top + row;
                StripElements.Row r0 = elements.Load<TTerm, TItem>(h), r1 = elements.Load<TTerm, TItem>(h + s.Rows);
                StripElements.Row r2 = elements.Load<TTerm, TItem>(h + 2 * s.Rows), r3 = elements.Load<TTerm, TItem>(h + 3 * s.Rows);
                StripElements.Row r4 = elements.Load<TTerm, TItem>(h + 4 * s.Rows), r5 = elements.Load<TTerm, TItem>(h + 5 * s.Rows);
                StripElements.Row r6 = elements.Load<TTerm, TItem>(h + 6 * s.Rows), r7 = elements.Load<TTerm, TItem>(h + 7 * s.Rows);
                Float4 v0 = elements.Terms<TTerm, TItem>(r0, h), v1 = elements.Terms<TTerm, TItem>(r1, h + s.Rows);
                Float4 v2 = elements.Terms<TTerm, TItem>(r2, h + 2 * s.Rows), v3 = elements.Terms<TTerm, TItem>(r3, h + 3 * s.Rows);
                Float4 v4 = elements.Terms<TTerm, TItem>(r4, h + 4 * s.Rows), v5 = elements.Terms<TTerm, TItem>(r5, h + 5 * s.Rows);
                Float4 v6 = elements.Terms<TTerm, TItem>(r6, h + 6 * s.Rows), v7 = elements.Terms<TTerm, TItem>(r7, h + 7 * s.Rows);
                sum += v0 + v1 + (v2 + v3) + (v4 + v5 + (v6 + v7));
                if (s.OverWidth != 0f)
                {
                    if (row < s.Rows)
                    {
                        int at = row * s.Pitch + (Group.IdxX - row * s.Across.Value);
                        shared[at] = TItem.Total(v0);
                        shared[at + block] = TItem.Total(v1);
                        shared[at + 2 * block] = TItem.Total(v2);
                        shared[at + 3 * block] = TItem.Total(v3);
                        shared[at + 4 * block] = TItem.Total(v4);
                        shared[at + 5 * block] = TItem.Total(v5);
                        shared[at + 6 * block] = TItem.Total(v6);
                        shared[at + 7 * block] = TItem.Total(v7);
                    }
                    KernelMath.Barrier();
                    AddRows(shared, a, s, top, left, TItem.Width);
                }
            }
            if (s.OverHeight != 0f)
                AddColumns<TItem>(shared, b, s, sum, left);
        }
    }

    /// <summary>
    /// Adds up each row's numbers in shared memory, one of each thread along it. Neighbouring threads take rows one below the
    /// other, which an odd pitch keeps in banks of their own. Of a row that is longer than the group the sums so far lie in
    /// <paramref name="a"/>, where the thread that goes on with them has put them itself.
    /// </summary>
    private static void AddRows(ArrayView<float> shared, ArrayView<float> a, in StripSumsScalars s, int top, int left, int width)
    {
        int across = s.Across.Value;
        int count = KernelMath.Min(s.Height - top, InFlight * s.Rows);
        int sharer = Group.IdxX >> s.LogAdders;
        int adders = 1 << s.LogAdders;
        for (int j = Group.IdxX & (adders - 1); j < count; j += adders)
        {
            float part = 0f;
            for (int i = sharer; i < across; i += Sharers)
                part += shared[j * s.Pitch + i];
            // A thread that shares this place reads no other.
            if (sharer < across)
                shared[j * s.Pitch + sharer] = part;
        }
        KernelMath.Barrier();
        int parts = KernelMath.Min(Sharers, across);
        int to = s.A.Image(Grid.IdxY) + Grid.IdxX * s.Height + top;
        for (int j = Group.IdxX; j < count; j += Group.DimX)
        {
            float sum = left > 0 ? a[to + j] : 0f;
            for (int i = 0; i < parts; i++)
                sum += shared[j * s.Pitch + i];
            a[to + j] = left + width * across < s.Width ? sum : KernelMath.Divide(sum, s.OverWidth);
        }
        KernelMath.Barrier();
    }

    /// <summary>Adds up the columns' sums of the threads below each other.</summary>
    private static void AddColumns<TItem>(
        ArrayView<float> shared, ArrayView<float> b, in StripSumsScalars s, Float4 sum, int left)
        where TItem : struct, IItem
    {
        int length = TItem.Width * s.Across.Value;
        TItem.Store(shared, TItem.Width * Group.IdxX, sum);
        KernelMath.Barrier();
        int count = KernelMath.Min(length, s.Width - left);
        int to = s.B.Image(Grid.IdxY) + Grid.IdxX * s.Width + left;
        for (int w = Group.IdxX; w < count; w += Group.DimX)
        {
            float total = 0f;
            for (int r = 0; r < s.Rows; r++)
                total += shared[r * length + w];
            b[to + w] = KernelMath.Divide(total, s.OverHeight);
        }
        KernelMath.Barrier();
    }
}
