using System.Runtime.InteropServices;
using System.Text.Json;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Program;

namespace SpGpu.CudaDriver;

/// <summary>Calls that no other driver has: what launches execute is counted from the one to the other.</summary>
internal static unsafe class CountCalls
{
    private static Dictionary<(string Operator, Kernel Kernel), KernelCounts>? _counts;
    private static IntPtr _text;

    /// <summary>Where a launch counts; null where nobody wants to know.</summary>
    public static KernelCounts? Of(string @operator, Kernel kernel)
    {
        if (_counts is null)
            return null;
        if (!_counts.TryGetValue((@operator, kernel), out KernelCounts? counts))
            _counts.Add((@operator, kernel), counts = new KernelCounts(kernel));
        return counts;
    }

    [UnmanagedCallersOnly(EntryPoint = "spgpuBeginCounts")]
    public static int Begin() => Driver.Call("spgpuBeginCounts", () => _counts = []);

    /// <summary>The counts as JSON, an array of profiles, that is there until the next call.</summary>
    [UnmanagedCallersOnly(EntryPoint = "spgpuEndCounts")]
    public static int End(IntPtr* json) => Driver.Call("spgpuEndCounts", () =>
    {
        KernelProfile[] profiles = [.. (_counts ?? []).Select(pair => KernelProfile.Of(pair.Key.Operator, pair.Value))];
        _counts = null;
        Marshal.FreeCoTaskMem(_text);
        *json = _text = Marshal.StringToCoTaskMemUTF8(JsonSerializer.Serialize(profiles, ProfileJson.Default.KernelProfileArray));
    });
}
