// A web service: a picture is uploaded, its label map comes back as a PNG.
//
//   dotnet run -c Release --project samples/WebEndpoint                                 asks itself, and ends
//   dotnet run -c Release --project samples/WebEndpoint -- http://localhost:5000 [net.safetensors]
//   curl --data-binary @photo.jpg http://localhost:5000/segment --output labels.png
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.WebEndpoint;

string weights = args is [_, string file] ? file : Path.Combine(AppContext.BaseDirectory, "street.safetensors");
using var device = Device.Open();
using var net = SegmentationNetwork.Load(weights, device);
await using WebApplication server = SegmentServer.Create(net, new ServerLimits(), args is [string url, ..] ? url : "http://127.0.0.1:0");
await server.StartAsync();
Console.WriteLine($"{net} at {server.Urls.First()}");
if (args.Length == 0)
    await Demonstration.RunAsync(new Uri(server.Urls.First()));
else
    await server.WaitForShutdownAsync();
