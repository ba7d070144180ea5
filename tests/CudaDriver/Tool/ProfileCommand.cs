using System.CommandLine;
using SpGpu.Checks;
using SpGpu.Gpu;
using SpGpu.PtxMachine.Counting;

namespace SpGpu.CudaDriver.Tool;

/// <summary><c>cuda-driver profile CASE</c>: what the kernels of operator cases execute.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var text = new Argument<string>("CASE") { Description = "Text that names of cases have" };
        var size = new Option<CaseSize>("--cases") { Description = "tiny, small or large; those below as well" };
        var tile = new Option<int>("--tile") { Description = "Side of the tiles of convolutions: 32, 64, 128; 0 suits the shape" };
        var plain = new Option<bool>("--no-tensor-cores") { Description = "Convolutions by multiply-adds" };
        var command = new Command("profile", "Counts what the kernels of operator cases execute.") { text, size, tile, plain };
        command.SetAction(parsed =>
        {
            var options = new DeviceOptions { BlockTile = parsed.GetValue(tile), TensorCores = !parsed.GetValue(plain) };
            Run(parsed.GetRequiredValue(text), parsed.GetValue(size), options);
        });
        return command;
    }

    private static void Run(string text, CaseSize size, DeviceOptions options)
    {
        OperatorCase[] cases =
            [.. OperatorCases.UpTo(size).Where(@case => @case.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        if (cases.Length == 0)
            throw new ConfigurationException($"no case has '{text}' in its name");
        Counter counter = Counter.Find() ?? throw new ConfigurationException(
            "the loader finds no libcuda.so.1 that counts; set LD_LIBRARY_PATH to where tests/CudaDriver/Driver was published");
        using Device device = Device.Open("cuda:0", options);
        foreach (OperatorCase @case in cases)
        {
            Console.WriteLine(@case.Name);
            Console.WriteLine(ProfileTable.Of(CaseProfiles.Of(counter, device, @case)));
        }
        Console.WriteLine(ProfileTable.Legend);
    }
}
