using System.Runtime.InteropServices;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;
using SpGpu.Peers.Children;
using SpGpu.Peers.Engines;

namespace SpGpu.Peers.Workloads;

/// <summary>The files that engines read, made once, in a folder that goes at the end.</summary>
internal sealed class NetworkFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-peers-").FullName;

    private readonly PosixSignalRegistration[] _signals;
    private bool? _isHeld;

    // Hundreds of megabytes, which must not stay after Ctrl-C either; the program ends after it.
    public NetworkFiles() =>
        _signals =
            [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => Delete()))];

    /// <summary>A network's weights for SpGpu and PyTorch.</summary>
    public string SafeTensorsOf(BenchNetwork network) =>
        Made($"{network.Key}.safetensors", path => SafeTensors.Write(path, StateDict.Load(network.Weights().State)));

    /// <summary>A network for ONNX Runtime.</summary>
    public string OnnxOf(BenchNetwork network, Size2D size) =>
        Made(FormattableString.Invariant($"{network.Key}-{size}.onnx"), path => network.Weights().ExportOnnx(path, size));

    /// <summary>An image of random numbers in the range of normalised pixels.</summary>
    public string ImageOf(Size2D size) => Made(FormattableString.Invariant($"image-{size}"), path =>
    {
        var random = new Random(1);
        FloatFile.Write(path, [.. Enumerable.Range(0, 3 * size.Height * size.Width).Select(_ => 4 * random.NextSingle() - 2)]);
    });

    /// <summary>A file for a result; one from before is gone.</summary>
    public string Fresh(string name)
    {
        string path = Path.Combine(_folder, name);
        File.Delete(path);
        return path;
    }

    /// <summary>A folder, filled when it is asked for the first time.</summary>
    public string FolderOf(string name, Action<string>? fill = null)
    {
        string path = Path.Combine(_folder, name);
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            fill?.Invoke(path);
        }
        return path;
    }

    /// <summary>The folder of a copy of this program whose ONNX Runtime is held to AVX2; null where it cannot be.</summary>
    public string? HeldOnnxRuntime()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;
        string folder = FolderOf("avx2");
        _isHeld ??= OnnxRuntimeHeld.CopyTo(folder);
        return _isHeld.Value ? folder : null;
    }

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        Delete();
    }

    private void Delete()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private string Made(string name, Action<string> make)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path))
            make(path);
        return path;
    }
}
