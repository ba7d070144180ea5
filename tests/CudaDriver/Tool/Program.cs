using System.CommandLine;
using SpGpu.CudaDriver.Tool;

var root = new RootCommand("Looks at kernels without a GPU.") { ProfileCommand.Create() };
return root.Parse(args).Invoke();
