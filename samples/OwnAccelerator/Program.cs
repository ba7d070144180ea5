// A device made of an ILGPU accelerator that the program has already, beside kernels of its own:
//
//   dotnet run -c Release --project samples/OwnAccelerator
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using Device = SpGpu.Gpu.Device;

// ILGPU's CPU accelerator is there on every machine, and slow; with builder.Cuda() or builder.OpenCL() it is a GPU.
using var context = Context.Create(builder => builder.CPU(new CPUDevice(64, 1, 1)).Optimize(OptimizationLevel.O1).EnableSpGpu());
using Accelerator accelerator = context.CreateCPUAccelerator(0);

// A kernel of one's own.
using MemoryBuffer1D<float, Stride1D.Dense> squares = accelerator.Allocate1D<float>(3 * 8 * 8);
accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>((i, view) => view[i] = i * i / 36864f)(squares.IntExtent, squares.View);
float[] image = squares.GetAsArray1D();

// A network on the same accelerator, which disposing the device leaves alone.
var g = new Graph();
Value x = g.ConvBnRelu(g.Input("image", channels: 3), "stem", 4, kernel: 3);
g.Output("gated", x * g.Spm(x, "spm"));
using (var device = Device.From(accelerator))
using (var network = new Network(g, Initializer.Initialize(g, seed: 1), device))
{
    HostTensor gated = network.Run(("image", new HostTensor(image, 1, 3, 8, 8)))["gated"];
    Console.WriteLine(device);
    Console.WriteLine($"{gated}: {string.Join(' ', gated.Floats.Take(4).Select(value => $"{value:0.000}"))} ...");
}
accelerator.Synchronize();
Console.WriteLine($"{accelerator.Name} goes on");
