using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>Every kernel as machine code: all in one module, which is assembled once for each architecture.</summary>
public sealed partial class MachineCode
{
    private const string Head = ".version 8.0\n.target sm_80\n.address_size 64\n";

    private readonly Lazy<(IReadOnlyDictionary<string, NvidiaResources>[] Resources, IReadOnlyDictionary<string, MachineListing> Listings)>
        _code = new(Make);

    /// <summary>What a kernel takes, by architecture.</summary>
    internal IEnumerable<NvidiaResources> Resources(KernelVariant kernel) => _code.Value.Resources.Select(found => found[Entry(kernel)]);

    /// <summary>The instructions of a kernel for the last of the architectures.</summary>
    internal MachineListing Listing(KernelVariant kernel) => _code.Value.Listings[Entry(kernel)];

    private static (IReadOnlyDictionary<string, NvidiaResources>[], IReadOnlyDictionary<string, MachineListing>) Make()
    {
        string module = Head + string.Concat(KernelCatalog.All.AsParallel().AsOrdered().Select(Body));
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string Image(NvidiaArchitecture architecture) => Path.Combine(folder, architecture.Name);
            IReadOnlyDictionary<string, NvidiaResources>[] resources =
            [
                .. NvidiaArchitecture.All.AsParallel().AsOrdered()
                    .Select(architecture => NvidiaTools.Assemble(module, architecture.Name, Image(architecture))),
            ];
            return (resources, MachineListing.Read(NvidiaTools.Disassemble(Image(NvidiaArchitecture.All[^1]))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A kernel's text under a name of its own, without what a module has once.</summary>
    private static string Body(KernelVariant kernel)
    {
        string ptx = KernelText.Ptx(kernel, CudaArchitecture.SM_80);
        Match name = EntryName().Match(ptx);
        return $"{ptx[name.Index..name.Groups[1].Index]}{Entry(kernel)}{ptx[(name.Groups[1].Index + name.Groups[1].Length)..]}\n";
    }

    private static string Entry(KernelVariant kernel) => UnlikeName().Replace(kernel.Name, "_");

    [GeneratedRegex(@"\.visible \.entry (\w+)")]
    private static partial Regex EntryName();

    [GeneratedRegex(@"\W+")]
    private static partial Regex UnlikeName();
}
