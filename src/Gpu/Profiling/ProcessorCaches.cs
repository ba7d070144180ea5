using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Profiling;

/// <summary>The data caches of the first processor, as it tells of them itself.</summary>
internal static class ProcessorCaches
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>Bytes of each level, the first level first; empty where nobody tells.</summary>
    public static IReadOnlyList<long> Read()
    {
        List<(int Level, long Bytes)> caches = OfSystem();
        if (caches.Count == 0 && X86Base.IsSupported)
            caches = OfCpuId();
        return [.. caches.GroupBy(cache => cache.Level).OrderBy(level => level.Key).Select(level => level.Max(cache => cache.Bytes))];
    }

    /// <summary>Leaf 4 of CPUID; AMD's processors have the same at 0x8000001D, and sizes alone at 0x80000005 and 6.</summary>
    private static List<(int Level, long Bytes)> OfCpuId()
    {
        // "Auth", the beginning of AuthenticAMD.
        if (X86Base.CpuId(0, 0).Ebx != 0x68747541)
            return X86Base.CpuId(0, 0).Eax >= 4 ? OfLeaf(4) : [];
        uint last = (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax;
        List<(int, long)> caches = last >= 0x8000001D ? OfLeaf(unchecked((int)0x8000001D)) : [];
        if (caches.Count > 0 || last < 0x80000006)
            return caches;
        // Virtual machines leave the other empty.
        (_, _, int first, _) = X86Base.CpuId(unchecked((int)0x80000005), 0);
        (_, _, int second, int third) = X86Base.CpuId(unchecked((int)0x80000006), 0);
        List<(int Level, long Bytes)> sizes =
            [(1, (long)((uint)first >> 24) << 10), (2, (long)((uint)second >> 16) << 10), (3, (long)((uint)third >> 18) << 19)];
        return [.. sizes.Where(size => size.Bytes > 0)];
    }

    private static List<(int Level, long Bytes)> OfLeaf(int leaf)
    {
        const int Instructions = 2, MostCaches = 16;
        var caches = new List<(int, long)>();
        for (int i = 0; i < MostCaches; i++)
        {
            (int eax, int ebx, int ecx, _) = X86Base.CpuId(leaf, i);
            int kind = eax & 31;
            if (kind == 0)
                break;
            long ways = ((ebx >> 22) & 1023) + 1, partitions = ((ebx >> 12) & 1023) + 1, line = (ebx & 4095) + 1;
            if (kind != Instructions)
                caches.Add(((eax >> 5) & 7, ways * partitions * line * ((uint)ecx + 1L)));
        }
        return caches;
    }

    /// <summary>Linux's files, where it is Linux: level, type, and a size such as 64K.</summary>
    private static List<(int Level, long Bytes)> OfSystem()
    {
        var caches = new List<(int, long)>();
        if (!Directory.Exists(Folder))
            return caches;
        foreach (string cache in Directory.EnumerateDirectories(Folder, "index*"))
        {
            if (Text(cache, "type") != "Instruction"
                && int.TryParse(Text(cache, "level"), NumberStyles.None, CultureInfo.InvariantCulture, out int level)
                && long.TryParse(Text(cache, "size").TrimEnd('K'), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes))
                caches.Add((level, kilobytes << 10));
        }
        return caches;
    }

    private static string Text(string cache, string file)
    {
        string path = Path.Combine(cache, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
