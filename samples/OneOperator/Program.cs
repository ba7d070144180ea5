// Operators on a device by hand: strip means, two strip convolutions and the strip gate, timed and checked.
//
//   dotnet run -c Release --project samples/OneOperator [device]
using SpGpu.Checks;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

using var device = Device.Open(args is [string name] ? name : "auto");
Console.WriteLine(device);
var random = new Random(1);
var shape = new Shape(1, 64, 480, 480);

// A specification says what is computed and what it costs; preparing it picks a kernel for shapes.
var means = new StripMeans();
Shape[] strips = means.Infer([shape]);
var down = new Convolution(64, 64, Kernel: (3, 1), Stride: 1, Padding: (1, 0), Dilation: 1);
Convolution along = down with { Kernel = (1, 3), Padding = (0, 1) };
var gate = new StripGate();
using PackedWeights downWeights = device.Operators.Pack(down, Numbers(64 * 64 * 3), new float[64]);
using PackedWeights alongWeights = device.Operators.Pack(along, Numbers(64 * 64 * 3), new float[64]);
Operation meansOf = device.Operators.Prepare(means, [shape]);
Operation columnOf = device.Operators.Prepare(down, [strips[0]], downWeights);
Operation rowOf = device.Operators.Prepare(along, [strips[1]], alongWeights);
Operation gated = device.Operators.Prepare(gate, [shape, .. strips]);

// A tensor of one's own lies in a block of device memory, which is given back by Dispose.
Tensor x = Tensor.Allocate(device, shape), y = Tensor.Allocate(device, shape);
Tensor a = Tensor.Allocate(device, strips[0]), b = Tensor.Allocate(device, strips[1]);
Tensor column = Tensor.Allocate(device, strips[0]), row = Tensor.Allocate(device, strips[1]);
x.Upload<float>(Numbers((int)shape.Count));
meansOf.Run([x], [a, b]);
columnOf.Run([a], [column]);
rowOf.Run([b], [row]);
gated.Run([x, column, row], [y]);
float[] result = new float[shape.Count];
y.Download<float>(result);
Console.WriteLine($"the first of {result.Length} gated elements: {result[0]:0.000}, {result[1]:0.000}, {result[2]:0.000}");

// How near a kernel comes to what the device can do: marks in its stream of work, medians of some runs.
var limits = DeviceLimits.Measure(device);
double milliseconds = Enumerable.Range(0, 9).Select(_ =>
{
    Marker start = device.Mark();
    gated.Run([x, column, row], [y]);
    return device.Mark().MillisecondsSince(start);
}).Order().ElementAt(4);
double least = limits.Milliseconds(gate.Operations([shape, .. strips]), gate.Bytes([shape, .. strips]));
Console.WriteLine($"{gated}: {milliseconds:0.000} ms, at best {least:0.000} ms at {limits.GigabytesPerSecond:0.0} GB/s");

// The same operator against its formula in double precision.
CheckResult check = OperatorCheck.Run(device, new OperatorCase(gate, [shape, .. strips], CaseSize.Large));
Console.WriteLine(check.Passed ? $"right: off by {check.Error:0.0e+0} of {check.Tolerance:0.0e+0} allowed" : $"wrong: {check.Message}");
foreach (Tensor tensor in (Tensor[])[x, y, a, b, column, row])
    tensor.Memory.Dispose();

float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.1f * (random.NextSingle() - 0.5f))];
