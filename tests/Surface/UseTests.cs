using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace SpGpu.Surface.Tests;

/// <summary>What is public has been compiled against and used from outside: by a sample, or by a test of this project.</summary>
public sealed class UseTests
{
    private static readonly string[] _users =
        ["SpGpu.Surface.Tests", "SpGpu.Segment", "SpGpu.OwnNetwork", "SpGpu.OneOperator", "SpGpu.OwnAccelerator"];

    [Theory]
    [MemberData(nameof(Libraries.Names), MemberType = typeof(Libraries))]
    public void Every_public_type_is_used(string library)
    {
        var used = _users.SelectMany(ReferencesOf).ToHashSet(StringComparer.Ordinal);
        string[] idle = [.. Libraries.Load(library).GetExportedTypes().Select(type => type.FullName!).Where(name => !used.Contains(name))];
        string names = string.Join(", ", idle);
        Assert.True(idle.Length == 0, $"no sample and no test of tests/Surface uses {names}; use it there, or make it internal");
    }

    [Theory]
    [MemberData(nameof(Libraries.Names), MemberType = typeof(Libraries))]
    public void Those_who_use_it_are_no_friends(string library)
    {
        var friends = Libraries.Load(library).GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);
        Assert.Empty(friends.Intersect(_users));
    }

    /// <summary>The full names of the types of other assemblies that the code of an assembly names.</summary>
    private static IEnumerable<string> ReferencesOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));
        MetadataReader reader = file.GetMetadataReader();
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            TypeReference type = reader.GetTypeReference(handle);
            yield return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }
    }
}
