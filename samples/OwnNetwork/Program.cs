// A network of one's own with both modules of strip pooling: trained for some steps, evaluated, saved, and its kernels timed.
//
//   dotnet run -c Release --project samples/OwnNetwork
using SpGpu.Data;
using SpGpu.Data.Metrics;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;
using SpGpu.OwnNetwork;
using SpGpu.Synth;

const int Width = 96, Height = 64, Batch = 4, Steps = 40;
int classes = SynthClasses.Names.Count;

var g = new Graph();
Value x = g.Input("image", channels: 3);
x = g.ConvBnRelu(x, "stem.0", 16, kernel: 3, stride: 2);
x = g.ConvBnRelu(x, "stem.1", 32, kernel: 3, stride: 2);
x = x * g.Spm(x, "spm");
x = g.Mpm(x, "context", pools: (8, 4));
g.Output("logits", g.Conv(x, "score", classes, kernel: 1));
(string, Shape)[] picture = [("image", new Shape(1, 3, Height, Width))];
Console.WriteLine($"{g.ParameterCount} parameters, {g.MultiplyAdds(picture) / 1e6:0.0} million multiply-adds a picture");

using var device = Device.Open();
var options = new TrainingOptions { Losses = [new("logits", 1)] };
using var training = new TrainingNetwork(g, Initializer.Initialize(g, seed: 0), device, options);
var streets = new Streets(SynthSplit.Train, Batch, Width, Height);
var losses = new LossValue[1];
for (int step = 0; step < Steps; step++)
{
    (float[] images, byte[] labels) = streets.Batch(step);
    training.Accumulate(Batch, Height, Width, images, labels, losses);
    // The poly schedule of the official code.
    training.Update([0.05f * MathF.Pow(1 - (float)step / Steps, 0.9f)]);
    if (step % 10 == 0 || step == Steps - 1)
        Console.WriteLine($"step {step}: loss {losses[0].Value:0.000}");
}

var confusion = new ConfusionMatrix(classes);
var validation = new Streets(SynthSplit.Validation, Batch, Width, Height);
for (int i = 0; i < 4; i++)
{
    (float[] images, byte[] labels) = validation.Batch(i);
    var predicted = new byte[labels.Length];
    training.Evaluate(Batch, Height, Width, images, labels, predicted);
    confusion.Add(labels, predicted);
}
Console.WriteLine($"{confusion.Score().PixelAccuracy:P0} of the pixels of streets that it has not seen are right");

Directory.CreateDirectory("output");
SyntheticScene street = SyntheticScenes.Generate(new() { Split = SynthSplit.Test, Width = 240, Height = 160 }, index: 0);
SafeTensors.Write("output/own.safetensors", training.State());
StateDict state = SafeTensors.Read("output/own.safetensors");
using var network = new Network(g, state, device, "logits");
using var segmenter = new Segmenter(network);
LabelMap map = segmenter.Segment(street.Image, new() { Window = 64, Flip = true });
map.Write("output/own.png", SynthClasses.Palette);
g.ExportOnnx("output/own.onnx", state, picture);
Console.WriteLine("saved as output/own.safetensors and output/own.onnx; output/own.png is a larger street");

Profile profile = network.Profile(picture);
Console.WriteLine($"a picture takes {profile.UnmarkedMilliseconds:0.00} ms, most of it in");
foreach (ProfileRow row in profile.Grouped().Take(3))
    Console.WriteLine($"{row.Milliseconds,7:0.000} ms  {row.GigaflopsPerSecond,6:0.0} GFLOP/s  {row.Layer}: {row.Kernel}");
