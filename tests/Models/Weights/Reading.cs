using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Opens a file and loads every tensor.</summary>
internal static class Reading
{
    public static StateDict Model(string path) => All(WeightsFile.Open(path));

    public static StateDict Model(byte[] bytes, string name = "memory") => All(WeightsFile.Open(bytes, name));

    public static StateDict SafeTensors(byte[] bytes, string name = "memory") => All(Models.Weights.SafeTensors.Open(bytes, name));

    public static StateDict Checkpoint(string path) => All(PyTorchCheckpoint.Open(path));

    public static StateDict Checkpoint(byte[] bytes, string name = "memory") => All(PyTorchCheckpoint.Open(bytes, name));

    private static StateDict All(WeightsFile file)
    {
        using (file)
            return StateDict.Load(file);
    }
}
