// Pictures from and for other libraries: an SKBitmap, and raw BGRA frames as cameras and video decoders give them.
//
//   dotnet run -c Release --project samples/Bridges
//   ffmpeg -i street.mp4 -vf scale=320:240 -f rawvideo -pix_fmt bgra - | dotnet run -c Release --project samples/Bridges -- 320 240
using SkiaSharp;
using SpGpu.Bridges;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Synth;

using var device = Device.Open();
using var net = SegmentationNetwork.Load(Path.Combine(AppContext.BaseDirectory, "street.safetensors"), device);

if (args is [string columns, string rows])
{
    using Stream video = Console.OpenStandardInput();
    int number = 0;
    foreach (RgbImage frame in RawFrames.Read(video, int.Parse(columns), int.Parse(rows)))
        Console.WriteLine($"frame {++number}: {Share(net.Segment(frame), SynthClass.Road):P0} road");
    return;
}

// A bitmap of another program, whatever it was made of.
using SKBitmap photo = SkiaBridge.ToBitmap(SyntheticScenes.Generate(new() { Split = SynthSplit.Test }, index: 0).Image);
LabelMap map = net.Segment(SkiaBridge.FromBitmap(photo));
using SKBitmap coloured = SkiaBridge.ToBitmap(map.Overlay(SkiaBridge.FromBitmap(photo), SynthClasses.Palette));
using SKData png = coloured.Encode(SKEncodedImageFormat.Png, quality: 100);
Console.WriteLine($"{coloured.Width} x {coloured.Height} pixels, {Share(map, SynthClass.Road):P0} road; as PNG {png.Size} bytes");

// Two frames of a video, one after the other in a stream.
using var frames = new MemoryStream([.. photo.Bytes, .. photo.Bytes]);
foreach (RgbImage frame in RawFrames.Read(frames, photo.Width, photo.Height))
    Console.WriteLine($"frame of {frame}: {Share(net.Segment(frame), SynthClass.Road):P0} road");

static double Share(LabelMap map, SynthClass label) => map.Labels.Count(found => found == (byte)label) / (double)map.Labels.Length;
