using System.Globalization;
using SpGpu.Peers;

const string Usage = "usage: peers training-step [--device cpu] [--batch 2] [--height 225] [--width 225] [--classes 150] [--threads N] [--warmups 1] [--steps 1] [--rounds 5]";

if (args is not [("training-step" or "own-training-step") and string what, .. string[] words])
{
    Console.Error.WriteLine(Usage);
    return 2;
}
StepOptions options;
try
{
    options = StepOptions.Parse(words);
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}; {Usage}");
    return 2;
}
if (what == "own-training-step")
{
    OwnStep.Run(options);
    return 0;
}
return Compare(options) ? 0 : 1;

static bool Compare(StepOptions options)
{
    string script = Path.Combine(AppContext.BaseDirectory, "pytorch", "training_step.py");
    string python = OperatingSystem.IsWindows() ? "python" : "python3";
    var own = new Engine("SpGpu", Environment.ProcessPath!, [.. Host(), "own-training-step", .. options.Words]);
    var peer = new Engine("PyTorch", Environment.GetEnvironmentVariable("PYTHON") ?? python, [script, .. options.PyTorchWords]);
    var times = new List<(double Own, double Peer)>();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"SPNet-50 training step, {options.Batch}x3x{options.Height}x{options.Width}, {options.Classes} classes, {options.Device}, {options.Threads} thread(s); seconds"));
    for (int round = 0; round < options.Rounds; round++)
    {
        double?[] pair = new double?[2];
        foreach ((Engine engine, int i) in (ReadOnlySpan<(Engine, int)>)[(own, 0), (peer, 1)])
        {
            pair[i] = engine.Median(out string? complaint);
            if (complaint is not null)
                Console.WriteLine($"{engine.Name} did not run: {complaint}");
        }
        if (pair[0] is not { } first)
            return false;
        if (pair[1] is not { } second)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SpGpu {first:0.000}"));
            continue;
        }
        times.Add((first, second));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SpGpu {first:0.000}  PyTorch {second:0.000}  ratio {first / second:0.00}"));
    }
    if (times.Count == 0)
        return true;
    double ratio = Engine.MedianOf([.. times.Select(time => time.Own / time.Peer)]);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"median: SpGpu {Engine.MedianOf([.. times.Select(time => time.Own)]):0.000}  PyTorch {Engine.MedianOf([.. times.Select(time => time.Peer)]):0.000}  ratio {ratio:0.00}"));
    return true;
}

// "dotnet peers.dll" has the host in front, the published program has not.
static IEnumerable<string> Host() =>
    Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
