using SpGpu;
using SpGpu.Peers.Children;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;
using SpGpu.Peers.Workloads;

const string Usage = """
    usage: peers all            [--threads 1,2] [--size WxH] [--pictures 32]
           peers cpu            [--threads 1,N] [--size WxH] [--minutes 18]
           peers inference      [--network spnet50|small|ddrnet23-slim|pspnet50] [--size WxH]
                                [--torch-mode auto|eager|channels-last|frozen|
                                 frozen-channels-last|optimized]
           peers folder         [--network small|spnet50] [--size 640x480]
                                [--pictures 32]
           peers training-step  [--device cpu] [--batch 2] [--height 225]
                                [--width 225] [--classes 150]
           peers scaling        [--network all|spnet50|small] [--batch 2] [--size WxH]
                                [--processes 1,2,N]
    each:  [--threads N] [--isa native|avx2] [--rounds 5] [--warmups 1] [--runs N]
           [--out REPORT.md]
    """;

try
{
    if (args is not [string command, .. string[] rest])
        throw new ConfigurationException("say what to measure");
    var words = new OptionWords(rest);
    return command switch
    {
        "all" => Measure(words, AllOptions.Take, (bench, options) => new Everything(bench, options).Run()),
        "cpu" => Measure(words, CpuOptions.Take, (bench, options) => new OneProcessor(bench, options).Run()),
        "inference" => Measure(words, InferenceOptions.Take, (bench, options) => new InferenceComparison(bench, options).Run()),
        "folder" => Measure(words, FolderOptions.Take, (bench, options) => new FolderThroughput(bench, options).Run()),
        "training-step" => Measure(words, StepOptions.Take, (bench, options) => new StepComparison(bench, options).Run()),
        "scaling" => Measure(
            words, ScalingOptions.Take, (bench, options) => new Scaling(bench, options).Run(), "SpGpu in several processes"),
        // The processes that are timed; the comparisons above start them.
        "own-inference" => Child(words, InferenceWords.Take, OwnInference.Run),
        "onnx-inference" => Child(words, InferenceWords.Take, OnnxInference.Run),
        "own-layers" => Child(words, InferenceWords.Take, OwnLayers.Run),
        "own-folder" => Child(words, FolderWords.Take, OwnFolder.Run),
        "own-training-step" => Child(words, StepOptions.Take, OwnStep.Run),
        "own-training-share" => Child(words, ShareWords.Take, OwnShare.Run),
        _ => throw new ConfigurationException($"'{command}' cannot be measured"),
    };
}
catch (ConfigurationException error)
{
    Console.Error.WriteLine(Usage);
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (SpGpuException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static int Measure<T>(
    OptionWords words, Func<OptionWords, T> take, Func<Bench, T, bool> run, string title = "SpGpu beside ONNX Runtime and PyTorch")
{
    T options = take(words);
    string? file = words.Text("--out");
    words.ThrowIfAnyLeft();
    using var bench = new Bench(file);
    Machine.Describe(bench.Report, title);
    return run(bench, options) ? 0 : 1;
}

static int Child<T>(OptionWords words, Func<OptionWords, T> take, Action<T> run)
{
    T options = take(words);
    words.ThrowIfAnyLeft();
    run(options);
    return 0;
}
