using System.Globalization;
using System.Text.Json;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu profile</c>.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Has_a_line_a_kernel_within_80_columns_and_ends_with_the_total()
    {
        string weights = TinyNetwork.Write(_folder);
        Spgpu run = Spgpu.OnScreen(80, "profile", "--weights", weights, "--size", "64x48", "--device", "cpu", "--runs", "3").Done();
        Assert.Matches(@"^total: \d+\.\d{3} ms \(median of 3\), without marks between kernels \d+\.\d{3} ms$", run.Lines[^1]);
        Assert.DoesNotContain(run.Lines, line => line.Length > 80);
        string[] rows = Rows(run);
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(weights, device);
        Assert.Equal(net.Profile(new Shape(1, 3, 48, 64), runs: 1, TestContext.Current.CancellationToken).Rows.Count, rows.Length);
        Assert.Equal(100, rows.Sum(row => Number(row, 3)), 3.0);
        Assert.All(rows, row => Assert.Equal("1", row[40..45].Trim()));
    }

    [Fact]
    public void A_batch_does_the_work_of_its_pictures()
    {
        string weights = TinyNetwork.Write(_folder);
        Spgpu run = Spgpu.Run("profile", "--weights", weights, "--size", "64x48", "--batch", "3", "--device", "cpu", "--runs", "1").Done();
        Assert.Contains("inference, batch 3", run.Out, StringComparison.Ordinal);
        Spgpu.Run("profile", "--weights", weights, "--batch", "3", "--training", "2", "--device", "cpu").Fails(2, "give one of the two");
    }

    [Fact]
    public void A_gpu_has_a_line_on_its_clocks_and_a_processor_none()
    {
        string[] line = ["profile", "--weights", TinyNetwork.Write(_folder), "--size", "16x16", "--runs", "1", "--device"];
        Assert.Contains("clocks: -", Spgpu.Run([.. line, "ilgpu-cpu"]).Done().Lines);
        Assert.DoesNotContain(Spgpu.Run([.. line, "cpu"]).Done().Lines, text => text.StartsWith("clocks:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_batch_has_its_gradients_and_losses()
    {
        Spgpu run = Spgpu.OnScreen(
            80, "profile", "--weights", TinyNetwork.Write(_folder), "--size", "64x48", "--training", "2", "--device", "cpu", "--runs", "1",
            "--group").Done();
        Assert.DoesNotContain(run.Lines, line => line.Length > 80);
        Assert.Contains("forward and backward, batch 2", string.Join(" ", run.Lines), StringComparison.Ordinal);
        foreach (string kernel in (string[])["filter gr", "input gra", "batch norm gradien", "cross entropy grad"])
            Assert.Contains(Rows(run), row => row.Contains(kernel, StringComparison.Ordinal));
    }

    [Fact]
    public void In_a_pipe_no_name_is_cut()
    {
        string[] line =
            ["profile", "--weights", TinyNetwork.Write(_folder), "--size", "64x48", "--training", "2", "--device", "cpu", "--runs", "1"];
        Spgpu pipe = Spgpu.Run(line).Done();
        Assert.DoesNotContain(pipe.Lines, row => row.Contains("..", StringComparison.Ordinal));
        Assert.Contains(
            pipe.Lines, row => row.StartsWith("network: ", StringComparison.Ordinal) && row.EndsWith("batch 2", StringComparison.Ordinal));
        Assert.Contains(Spgpu.OnScreen(80, line).Done().Lines, row => row.Contains("..", StringComparison.Ordinal));
    }

    [Fact]
    public void Grouped_rows_add_up_to_the_same_calls()
    {
        string[] line = ["profile", "--weights", TinyNetwork.Write(_folder), "--size", "64x48", "--device", "cpu", "--runs", "1"];
        string[] rows = Rows(Spgpu.Run(line).Done());
        string[] grouped = Rows(Spgpu.Run([.. line, "--group"]).Done());
        Assert.True(grouped.Length < rows.Length);
        Assert.Equal(rows.Length, grouped.Sum(row => Number(row, 5)));
        double[] times = [.. grouped.Select(row => Number(row, 4))];
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public void The_trace_is_what_perfetto_reads()
    {
        string trace = _folder.File("trace.json");
        string weights = TinyNetwork.Write(_folder);
        Spgpu run =
            Spgpu.Run("profile", "--weights", weights, "--size", "64x48", "--device", "cpu", "--runs", "1", "--trace", trace).Done();
        using var document = JsonDocument.Parse(File.ReadAllBytes(trace));
        JsonElement all = document.RootElement.GetProperty("traceEvents");
        JsonElement[] events = [.. all.EnumerateArray().Where(one => one.GetProperty("ph").GetString() == "X")];
        Assert.Equal(Rows(run).Length, events.Length);
        double total = double.Parse(run.Lines[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        // One run: the last kernel ends when the run does; milliseconds there, microseconds here.
        Assert.Equal(1000 * total, End(events[^1]), 1.0);
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.Equal(Start(pair.Second), End(pair.First), 0.01));

        static double Start(JsonElement one) => one.GetProperty("ts").GetDouble();
        static double End(JsonElement one) => Start(one) + one.GetProperty("dur").GetDouble();
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("profile --random --weights x")]
    public void Needs_one_network(string line) => Spgpu.Run(line.Split(' ')).Fails(2, "either --weights FILE or --random");

    [Fact]
    public void A_size_too_large_is_usage() =>
        Spgpu.Run("profile", "--weights", TinyNetwork.Write(_folder), "--device", "cpu", "--size", "65536x65536")
            .Fails(2, "--size", "2^31");

    private static string[] Rows(Spgpu run)
    {
        int heading = Array.FindIndex(run.Lines, line => line.StartsWith("layer ", StringComparison.Ordinal));
        int limits = Array.FindIndex(run.Lines, line => line.StartsWith("limits:", StringComparison.Ordinal));
        return run.Lines[(heading + 1)..limits];
    }

    /// <summary>A number counted from the end of a row.</summary>
    private static double Number(string row, int fromEnd) =>
        double.Parse(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^(fromEnd + 1)], CultureInfo.InvariantCulture);
}
