using System.CommandLine;
using SpGpu;
using SpGpu.CudaDriver.Tool;

var root = new RootCommand("Looks at kernels without a GPU.") { ProfileCommand.Create(), RunCommand.Create() };
try
{
    return root.Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (SpGpuException error)
{
    Console.Error.WriteLine($"cuda-driver: {error.Message}");
    return 2;
}
