using Microsoft.ML.OnnxRuntime;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Onnx.Tests;

/// <summary>An exported network in ONNX Runtime, which checks a file against the specification when it loads it.</summary>
internal sealed class RuntimeModel : IDisposable
{
    private static readonly List<string> _complaints = [];

    private static readonly Lazy<OrtEnv> _environment = new(() =>
    {
        var options = new EnvironmentCreationOptions
        {
            logId = "tests",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
            // The delegate must outlive the runtime, which static fields do.
            loggingFunction = Log,
            loggingParam = IntPtr.Zero,
        };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    });

    private readonly InferenceSession _session;

    public RuntimeModel(byte[] model)
    {
        _ = _environment.Value;
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        lock (_complaints)
            _complaints.Clear();
        _session = new InferenceSession(model, options);
        lock (_complaints)
            Assert.Empty(_complaints);
    }

    public ModelMetadata Metadata => _session.ModelMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public Dictionary<string, HostTensor> Run(params (string Name, HostTensor Tensor)[] inputs)
    {
        OrtValue[] values = [.. inputs.Select(input =>
            OrtValue.CreateTensorValueFromMemory(input.Tensor.Floats, [.. input.Tensor.Shape.Select(extent => (long)extent)]))];
        string[] names = [.. _session.OutputMetadata.Keys];
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = _session
            .Run(options, [.. inputs.Select(input => input.Name)], values, names);
        foreach (OrtValue value in values)
            value.Dispose();
        return names.Zip(results).ToDictionary(pair => pair.First, pair => new HostTensor(
            pair.Second.GetTensorDataAsSpan<float>().ToArray(),
            [.. pair.Second.GetTensorTypeAndShape().Shape.Select(extent => (int)extent)]));
    }

    public void Dispose() => _session.Dispose();

    private static void Log(IntPtr parameter, OrtLoggingLevel severity, string category, string logId, string location, string message)
    {
        lock (_complaints)
            _complaints.Add($"{severity} {category} {location}: {message}");
    }
}
