using System.CommandLine;
using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.CudaDriver.Tool;

/// <summary><c>cuda-driver run FILE.ptx LAUNCH.json</c>: runs a kernel from anywhere.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var ptx = new Argument<string>("FILE.ptx") { Description = "The module" };
        var launch = new Argument<string>("LAUNCH.json") { Description = "Grid, block, parameters, buffers" };
        var seed = new Option<ulong>("--seed") { Description = "Another order of groups and warps" };
        var apart = new Option<bool>("--lanes-apart") { Description = "Lanes stay apart after a branch until a barrier" };
        var command = new Command("run", "Runs a kernel, reports what it does wrong, counts what it executes.")
        {
            ptx, launch, seed, apart,
        };
        command.SetAction(parsed =>
        {
            var options = new MachineOptions { Seed = parsed.GetValue(seed), Together = !parsed.GetValue(apart) };
            return Run(parsed.GetRequiredValue(ptx), parsed.GetRequiredValue(launch), options);
        });
        return command;
    }

    private static int Run(string ptx, string launch, MachineOptions options)
    {
        try
        {
            KernelProfile profile = PtxRun.Run(ptx, launch, options);
            Console.WriteLine(ProfileTable.Of([profile]));
            Console.WriteLine(ProfileTable.Legend);
            return 0;
        }
        catch (Fault fault)
        {
            Console.Error.WriteLine($"{ptx}: {fault.Message}");
            return 1;
        }
    }
}
