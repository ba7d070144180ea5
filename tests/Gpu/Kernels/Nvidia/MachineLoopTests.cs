using System.Globalization;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>What is read from machine code is what a person counts in it.</summary>
public sealed class MachineLoopTests
{
    [Fact]
    public void A_loop_is_read_as_it_is_counted_by_hand()
    {
        // Three loads, the third on its way alone while the others are used; the inner loop has a load and no multiply-add.
        MachineLoop loop = Read(
            Line("MOV R1, RZ", stall: 4),
            ".L_x_1:",
            Line("LDG.E.128.CONSTANT R4, desc[UR4][R2.64]", stall: 2, scoreboard: 0),
            Line("@!P0 LDG.E R8, desc[UR4][R2.64+0x10]", stall: 1, scoreboard: 0),
            Line("LDG.E.U8 R9, desc[UR4][R2.64+0x14]", stall: 1, scoreboard: 1),
            Line("FFMA R10, R4, R5, R10", stall: 5, waits: 0b000001),
            Line("FFMA R10, R6, R8, R10", stall: 4),
            ".L_x_2:",
            Line("LDS.64 R12, [R3]", stall: 1, scoreboard: 2),
            Line("@P1 BRA `(.L_x_2)", stall: 6, waits: 0b000100),
            Line("I2FP.F32.U32 R9, R9", stall: 4, waits: 0b000010),
            Line("@P2 BRA `(.L_x_1)", stall: 5),
            Line("EXIT", stall: 5),
            ".L_x_3:",
            Line("BRA `(.L_x_3)", stall: 0))!;
        Assert.Equal(9, loop.Instructions);
        Assert.Equal(29, loop.Cycles);
        Assert.Equal(2, loop.FusedMultiplyAdds);
        Assert.Equal([16, 4, 1], loop.GlobalLoads.Select(load => load.Bytes));
        Assert.Equal(3, loop.GlobalLoadsInFlight);
        Assert.Equal([8], loop.SharedLoads.Select(load => load.Bytes));
        Assert.Equal(1, loop.SharedLoadsInFlight);
    }

    [Fact]
    public void Copies_are_on_their_way_until_so_few_groups_of_them_are_let_be()
    {
        MachineLoop loop = Read(
            ".L_x_1:",
            Line("LDGSTS.E.BYPASS.128 [R3], desc[UR4][R2.64]", stall: 4),
            Line("LDGSTS.E [R3+0x10], desc[UR4][R2.64]", stall: 4),
            Line("LDGDEPBAR", stall: 1),
            Line("DEPBAR.LE SB0, 0x1", stall: 5),
            Line("HMMA.1688.F32.TF32 R8, R4, R6, R8", stall: 8),
            Line("@P2 BRA `(.L_x_1)", stall: 5))!;
        Assert.Equal(4, loop.GlobalLoadsInFlight);
        Assert.Equal(1, loop.TensorProducts);
    }

    [Fact]
    public void A_kernel_without_loops_has_none() => Assert.Null(Read(Line("EXIT", stall: 5)));

    private static MachineLoop? Read(params string[] lines) =>
        MachineLoop.OfMost(MachineListing.Read(string.Join('\n', [".text.Kernel:", .. lines]))["Kernel"]);

    /// <summary>An instruction as nvdisasm prints it, in two lines.</summary>
    private static string Line(string text, int stall, int scoreboard = 7, int waits = 0)
    {
        ulong control = ((ulong)stall << 41) | ((ulong)scoreboard << 46) | (7UL << 49) | ((ulong)waits << 52);
        return $"        /*0000*/    {text} ;    /* 0x000000000a00ff01 */\n"
            + string.Create(CultureInfo.InvariantCulture, $"                    /* 0x{control:x16} */");
    }
}
