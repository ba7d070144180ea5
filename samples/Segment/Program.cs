// From pixels to a label map, with the small network of synthetic streets that comes with the project:
//
//   dotnet run -c Release --project samples/Segment [photo.jpg]
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Synth;

RgbImage image = args is [string photo]
    ? RgbImage.Read(photo)
    : SyntheticScenes.Generate(new() { Split = SynthSplit.Test }, index: 0).Image;

using var device = Device.Open();
using var net = SpNet.Load(Path.Combine(AppContext.BaseDirectory, "street.safetensors"), device);
LabelMap map = net.Segment(image);
Directory.CreateDirectory("output");
map.Write("output/labels.png", SynthClasses.Palette);
map.Overlay(image, SynthClasses.Palette).Write("output/overlay.jpg");

Console.WriteLine($"{net}: {map.Width} x {map.Height} pixels in output/labels.png and output/overlay.jpg");
long[] pixels = map.Shares(SynthClasses.Names.Count);
foreach (int label in Enumerable.Range(0, pixels.Length).Where(label => pixels[label] > 0).OrderByDescending(label => pixels[label]))
    Console.WriteLine($"{100.0 * pixels[label] / map.Labels.Length,5:0.0} %  {SynthClasses.Names[label]}");
