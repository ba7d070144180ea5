using System.Reflection;
using System.Reflection.Emit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Reads the instructions of methods.</summary>
internal static class IlReader
{
    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Each instruction of a method and the method that it calls, if it is a call.</summary>
    public static IEnumerable<(OpCode Code, MethodBase? Callee)> Read(MethodBase method)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        int at = 0;
        while (at < il.Length)
        {
            short value = il[at] == 0xfe ? (short)(0xfe00 | il[at + 1]) : il[at];
            OpCode code = _codes[value];
            at += code.Size;
            yield return (code, code.OperandType == OperandType.InlineMethod ? Resolve(method, BitConverter.ToInt32(il, at)) : null);
            at += OperandSize(code, il, at);
        }
    }

    /// <summary>
    /// The method, all that it calls within the assemblies of the library and these tests, and for a call through an
    /// interface every implementation there.
    /// </summary>
    public static IReadOnlyCollection<MethodBase> Reachable(MethodBase root)
    {
        var found = new Dictionary<(Module, int), MethodBase>();
        var open = new Stack<MethodBase>([root]);
        while (open.TryPop(out MethodBase? method))
        {
            if (!found.TryAdd((method.Module, method.MetadataToken), method))
                continue;
            foreach ((_, MethodBase? callee) in Read(method))
            {
                if (callee is null || !IsOurs(callee))
                    continue;
                open.Push(callee);
                if (callee.DeclaringType!.IsInterface)
                    Implementations(callee).ToList().ForEach(open.Push);
            }
        }
        return found.Values;
    }

    private static IEnumerable<MethodBase> Implementations(MethodBase method) =>
        from assembly in new[] { typeof(Device).Assembly, typeof(IlReader).Assembly }
        from type in assembly.GetTypes()
        where type.IsValueType && type.GetInterfaces().Any(one => one.Name == method.DeclaringType!.Name)
        from candidate in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public)
        where candidate.Name == method.Name
        select candidate;

    private static bool IsOurs(MethodBase method) =>
        method.Module.Assembly == typeof(Device).Assembly || method.Module.Assembly == typeof(IlReader).Assembly;

    private static MethodBase? Resolve(MethodBase method, int token) => method.Module.ResolveMethod(
        token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static int OperandSize(OpCode code, byte[] il, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };
}
