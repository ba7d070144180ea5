using SpGpu.Gpu;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>Takes memory until there is none, shows the message, gives it back and asks whether the device still computes.</summary>
internal static class MemoryEnd
{
    /// <summary>Blocks of 1 GiB; a system that promises memory without having it would go on for ever.</summary>
    private const int Most = 1024;

    public static int Run(string name)
    {
        using Device device = Device.Open(name);
        var blocks = new List<DeviceMemory>();
        string message = "";
        try
        {
            while (blocks.Count < Most)
                blocks.Add(device.Allocate(1 << 28));
        }
        catch (DeviceException error)
        {
            message = error.Message;
        }
        int taken = blocks.Count;
        blocks.ForEach(block => block.Dispose());
        var shape = new Shape(1, 1, 1, 4);
        Tensor x = Tensor.Allocate(device, shape), y = Tensor.Allocate(device, shape);
        x.Upload<float>([-1, 2, -3, 4]);
        device.Operators.Prepare(new Pointwise(PointwiseKind.Relu), [shape]).Run([x], [y]);
        var result = new float[4];
        y.Download<float>(result);
        bool goesOn = result is [0, 2, 0, 4];
        Console.WriteLine(
            $"the device {(goesOn ? "goes on" : "computes nonsense")} after {taken} GiB: {(message.Length > 0 ? message : "no end")}");
        return goesOn ? 0 : 1;
    }
}
