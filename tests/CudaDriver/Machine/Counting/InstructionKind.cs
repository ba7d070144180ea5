using SpGpu.PtxMachine.Text;

namespace SpGpu.PtxMachine.Counting;

/// <summary>What an instruction keeps a GPU busy with.</summary>
internal enum InstructionKind
{
    /// <summary>Multiply-adds of floats.</summary>
    MultiplyAdd,

    /// <summary>Products of tensor cores.</summary>
    TensorProduct,

    /// <summary>Other arithmetic of floats, their comparisons and conversions.</summary>
    Float,

    /// <summary>Arithmetic of integers and predicates, and moves.</summary>
    Integer,

    GlobalLoad,
    GlobalStore,
    SharedLoad,
    SharedStore,

    /// <summary>Asynchronous copies from global to shared memory.</summary>
    Copy,

    /// <summary>Branches, barriers, waits; loads of parameters and accesses to the thread's own memory.</summary>
    Other,
}

/// <summary>Tells the kind by the text.</summary>
internal static class InstructionKinds
{
    public static InstructionKind Of(Statement statement)
    {
        string[] parts = statement.Opcode.Split('.');
        return parts[0] switch
        {
            "fma" => InstructionKind.MultiplyAdd,
            "mma" => InstructionKind.TensorProduct,
            "ld" => parts[1] switch
            {
                "shared" => InstructionKind.SharedLoad,
                "param" or "local" => InstructionKind.Other,
                _ => InstructionKind.GlobalLoad,
            },
            "st" => parts[1] switch
            {
                "shared" => InstructionKind.SharedStore,
                "local" => InstructionKind.Other,
                _ => InstructionKind.GlobalStore,
            },
            "cp" => parts[2] is "ca" or "cg" ? InstructionKind.Copy : InstructionKind.Other,
            "bra" or "ret" or "exit" or "bar" or "barrier" => InstructionKind.Other,
            "mov" or "selp" => InstructionKind.Integer,
            _ => parts.Contains("f32") ? InstructionKind.Float : InstructionKind.Integer,
        };
    }
}
