using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>Whether pictures have the same bits alone as among others, where larger tiles may be chosen.</summary>
internal static class BatchBits
{
    public static int Run(string name, string weights, int side, int batch)
    {
        using Device device = Device.Open(name);
        using SpNet net = GraphReplay.Open(weights, device);
        HostTensor[] pictures = [.. Enumerable.Range(1, batch).Select(seed => GraphReplay.Image(seed, 1, side))];
        float[] together = net.Forward(new HostTensor([.. pictures.SelectMany(picture => picture.Floats)], batch, 3, side, side)).Floats;
        int length = together.Length / batch, other = 0;
        for (int i = 0; i < batch; i++)
        {
            if (!together.AsSpan(i * length, length).SequenceEqual(net.Forward(pictures[i]).Floats))
                other++;
        }
        Console.WriteLine($"{other} of {batch} pictures have other bits alone than among others");
        return other == 0 && together.All(float.IsFinite) ? 0 : 1;
    }
}
