using Microsoft.ML.OnnxRuntime;

namespace SpGpu.Peers.Children;

/// <summary>Times ONNX Runtime in this process, from the image's floats to the logits' floats.</summary>
internal static class OnnxInference
{
    private static readonly string[] _inputs = ["image"], _outputs = ["logits"];

    public static void Run(InferenceWords words)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = words.Threads,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var session = new InferenceSession(words.Model, options);
        using var runOptions = new RunOptions();
        using OrtValue image =
            OrtValue.CreateTensorValueFromMemory(FloatFile.Read(words.Input), [1, 3, words.Size.Height, words.Size.Width]);
        OrtValue[] images = [image];
        IDisposableReadOnlyCollection<OrtValue>? results = null;
        TimedRuns.Measure(
            () =>
            {
                results?.Dispose();
                results = session.Run(runOptions, _inputs, images, _outputs);
            },
            words.WarmUps, words.Timed);
        TimedRuns.End($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {words.Threads} thread(s)");
        FloatFile.Write(words.Logits, results![0].GetTensorDataAsSpan<float>());
        results.Dispose();
    }
}
