namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>
/// An instruction of NVIDIA's machine code since Volta. The encoding, not the text, says how long the warp stands still after
/// it and on which of six scoreboards what is not done in a fixed time is waited for.
/// </summary>
/// <param name="Operation">With its modifiers, as LDG.E.128.CONSTANT.</param>
/// <param name="Operands">As text.</param>
/// <param name="Control">The upper half of the encoding.</param>
internal readonly record struct MachineInstruction(string Operation, string Operands, ulong Control)
{
    private const int NoScoreboard = 7;

    /// <summary>Cycles until the warp's next instruction may be issued.</summary>
    public int Stall => (int)(Control >> 41) & 15;

    /// <summary>The scoreboard that tells when the result is there, or null.</summary>
    public int? Scoreboard => ((int)(Control >> 46) & 7) is var number and not NoScoreboard ? number : null;

    /// <summary>Whether it waits for a scoreboard.</summary>
    public bool WaitsFor(int scoreboard) => ((Control >> (52 + scoreboard)) & 1) != 0;

    /// <summary>The operation without modifiers.</summary>
    public string Name => Operation.Split('.')[0];

    /// <summary>Multiply-adds of floats that a thread does, in tensor cores its share of 16 x 8 x 8.</summary>
    public int MultiplyAdds => Name == "FFMA" ? 1 : Operation.StartsWith("HMMA.1688", StringComparison.Ordinal) ? 16 * 8 * 8 / 32 : 0;

    /// <summary>Whether it loads global memory into registers; LD takes addresses of any memory.</summary>
    public bool LoadsGlobal => Name is "LDG" or "LD";

    /// <summary>Whether it loads shared memory.</summary>
    public bool LoadsShared => Name == "LDS";

    /// <summary>Whether it copies global to shared memory.</summary>
    public bool Copies => Name == "LDGSTS";

    /// <summary>Bytes that a thread loads.</summary>
    public int Bytes
    {
        get
        {
            string[] parts = Operation.Split('.');
            return parts.Contains("128") ? 16 : parts.Contains("64") ? 8
                : parts.Contains("U16") || parts.Contains("S16") ? 2 : parts.Contains("U8") || parts.Contains("S8") ? 1 : 4;
        }
    }
}
