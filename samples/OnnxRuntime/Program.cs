// A network that is exported as ONNX and run by ONNX Runtime, beside the same network here:
//
//   dotnet run -c Release --project samples/OnnxRuntime
using Microsoft.ML.OnnxRuntime;
using SpGpu;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;
using SpGpu.OnnxRuntime;
using SpGpu.Synth;

const int Width = 320, Height = 240;
RgbImage image = SyntheticScenes.Generate(new() { Split = SynthSplit.Test, Width = Width, Height = Height }, index: 0).Image;
Directory.CreateDirectory("output");

// The file is for pictures of one size, and says how its input is normalised.
using var weights = WeightsFile.Open(Path.Combine(AppContext.BaseDirectory, "street.safetensors"));
NetworkWeights.Of(weights).ExportOnnx("output/street.onnx", (Height, Width));

using var session = new InferenceSession("output/street.onnx");
using OrtValue input = OrtValue.CreateTensorValueFromMemory(Normalized(image), [1, 3, Height, Width]);
using var options = new RunOptions();
using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["image"], [input], ["logits"]);
long[] shape = results[0].GetTensorTypeAndShape().Shape;
Console.WriteLine($"logits {string.Join(" x ", shape)}, of pictures with mean {session.ModelMetadata.CustomMetadataMap["mean"]}");
byte[] theirs = UpsampledArgMax.Of(results[0].GetTensorDataAsSpan<float>(), (int)shape[1], (int)shape[2], (int)shape[3], Width, Height);
new LabelMap(theirs, Width, Height).Write("output/onnx.png", SynthClasses.Palette);

using var device = Device.Open();
using var net = SegmentationNetwork.Load(weights, device);
byte[] ours = net.Segment(image).Labels;
double equal = ours.Zip(theirs, (a, b) => a == b).Count(same => same) / (double)ours.Length;
Console.WriteLine($"{equal:P3} of the labels are those of {net}");
return equal > 0.999 ? 0 : 1;

// Channel by channel, as networks take them.
static float[] Normalized(RgbImage image)
{
    int plane = image.Width * image.Height;
    var values = new float[3 * plane];
    for (int i = 0; i < plane; i++)
    {
        for (int c = 0; c < 3; c++)
            values[c * plane + i] = (image.Pixels[3 * i + c] - ColourStatistics.ImageNet.Mean[c]) / ColourStatistics.ImageNet.Deviation[c];
    }
    return values;
}
