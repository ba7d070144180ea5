using System.Reflection;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Every kernel of the library, each generic one once for each list of type arguments that is used.</summary>
internal static class KernelCatalog
{
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        .. from type in typeof(KernelAttribute).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           from attribute in method.GetCustomAttributes<KernelAttribute>()
           let closed = method.IsGenericMethodDefinition ? method.MakeGenericMethod(attribute.TypeArguments) : method
           let variant = new KernelVariant(closed, attribute)
           orderby variant.Name
           select variant,
    ];

    /// <summary>Those that every device can run.</summary>
    public static IEnumerable<KernelVariant> Portable => All.Where(variant => !variant.Promises.TensorCores);

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(variant => variant.Name)];

    /// <summary>The names of <see cref="Portable"/>.</summary>
    public static TheoryData<string> PortableNames => [.. Portable.Select(variant => variant.Name)];

    public static KernelVariant Find(string name) => All.Single(variant => variant.Name == name);
}

/// <summary>One kernel that is compiled.</summary>
internal sealed record KernelVariant(MethodInfo Method, KernelAttribute Promises)
{
    public string Name { get; } = $"{Method.DeclaringType!.Name}.{Method.Name}{Arguments(Method.GetGenericArguments())}";

    private static string Arguments(Type[] types) =>
        types.Length == 0
            ? ""
            : $"<{string.Join(", ", types.Select(type => type.Name.Split('`')[0] + Arguments(type.GetGenericArguments())))}>";
}
