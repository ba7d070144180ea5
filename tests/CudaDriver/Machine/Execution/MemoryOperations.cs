using System.Numerics;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Execution;

/// <summary>Loads and stores, each checked before it is done.</summary>
internal static unsafe class MemoryOperations
{
    public static void LoadParameter(Warp warp, ref Instruction i, uint mask)
    {
        fixed (byte* parameters = warp.Group.Launch.Parameters)
        {
            for (uint rest = mask; rest != 0; rest &= rest - 1)
                Load(warp, ref i, BitOperations.TrailingZeroCount(rest), parameters + i.Offset);
        }
    }

    public static void Load<TSpace>(Warp warp, ref Instruction i, uint mask)
        where TSpace : ISpace
    {
        Addresses(warp, ref i);
        int size = i.Size * i.Count;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Load(warp, ref i, lane, TSpace.Read(warp, lane, warp.Addresses[lane], size));
        }
    }

    public static void Store<TSpace>(Warp warp, ref Instruction i, uint mask)
        where TSpace : ISpace
    {
        Addresses(warp, ref i);
        int size = i.Size * i.Count;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Store(warp, ref i, lane, TSpace.Write(warp, lane, warp.Addresses[lane], size));
        }
    }

    private static void Addresses(Warp warp, ref Instruction i)
    {
        ulong* addresses = warp.Addresses;
        ulong offset = (ulong)i.Offset;
        if (i.IsWide)
        {
            ulong* start = warp.Row<ulong>(i.A);
            for (int n = 0; n < Lanes.Count; n++)
                addresses[n] = start[n] + offset;
        }
        else
        {
            uint* start = warp.Row<uint>(i.A);
            for (int n = 0; n < Lanes.Count; n++)
                addresses[n] = start[n] + (uint)offset;
        }
    }

    private static void Load(Warp warp, ref Instruction i, int lane, byte* from)
    {
        int[] rows = i.Rows;
        if (i.Size == 4)
        {
            for (int n = 0; n < rows.Length; n++)
                warp.Row<uint>(rows[n])[lane] = ((uint*)from)[n];
        }
        else
        {
            for (int n = 0; n < rows.Length; n++)
            {
                if (i.Size == 8)
                    warp.Row<ulong>(rows[n])[lane] = ((ulong*)from)[n];
                else
                    warp.Row<uint>(rows[n])[lane] = from[n];
            }
        }
    }

    private static void Store(Warp warp, ref Instruction i, int lane, byte* to)
    {
        int[] rows = i.Rows;
        for (int n = 0; n < rows.Length; n++)
        {
            if (i.Size == 4)
                ((uint*)to)[n] = warp.Row<uint>(rows[n])[lane];
            else if (i.Size == 8)
                ((ulong*)to)[n] = warp.Row<ulong>(rows[n])[lane];
            else
                to[n] = (byte)warp.Row<uint>(rows[n])[lane];
        }
    }
}
