using System.Net;
using System.Security.Cryptography;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Verbs;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Pull;

/// <summary><c>spgpu models</c>, <c>spgpu pull</c>, and what is pulled as <c>--weights</c>.</summary>
public sealed class PullTests : IDisposable
{
    private const string Name = "fcn-r50-ade20k";

    private static readonly byte[] _file = RandomNumberGenerator.GetBytes(200_000);

    private readonly TemporaryFolder _folder = new();
    private readonly string?[] _before;

    static PullTests() => HttpClient.DefaultProxy = new WebProxy();

    public PullTests()
    {
        _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];
        Environment.SetEnvironmentVariable("SPGPU_CACHE", _folder.File("cache"));
    }

    private static string[] Variables => ["SPGPU_CACHE", "SPGPU_MIRROR"];

    private static PublicModel Model => PublicModels.Find(Name)!;

    public void Dispose()
    {
        foreach ((string name, string? value) in Variables.Zip(_before))
            Environment.SetEnvironmentVariable(name, value);
        _folder.Dispose();
    }

    [Fact]
    public void The_list_has_each_network_once_with_a_hash_and_terms()
    {
        IReadOnlyList<PublicModel> models = PublicModels.All;
        Assert.Equal(models.Count, models.DistinctBy(model => model.Name).Count());
        Assert.Equal(models.Count, models.DistinctBy(model => model.FileName).Count());
        Assert.All(models, model =>
        {
            Assert.Matches("^[0-9a-f]{8}$", model.Digits);
            Assert.EndsWith($"-{model.Digits}.pth", model.FileName, StringComparison.Ordinal);
            Assert.Equal(Uri.UriSchemeHttps, new Uri(model.Source.Root + model.Path).Scheme);
            Assert.Equal(Path.GetFileName(model.FileName), model.FileName);
        });
        Directory.CreateDirectory(_folder.File("cache"));
        File.WriteAllBytes(WeightsCache.PathOf(Model), []);
        Spgpu run = Spgpu.Run("models").Done();
        Assert.All(models, model => Assert.Contains(run.Lines, line => line.StartsWith($"{model.Name} ", StringComparison.Ordinal)));
        string here = Assert.Single(run.Lines, line => line.EndsWith("  damaged", StringComparison.Ordinal));
        Assert.StartsWith("fcn-r50-ade20k            ADE20K          150   35.94    189 MB", here, StringComparison.Ordinal);
        Assert.Contains("code Apache-2.0", run.Out, StringComparison.Ordinal);
        Assert.Contains("non-commercial purposes", run.Out, StringComparison.Ordinal);
        Assert.All(Spgpu.OnScreen(80, "models").Done().Lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_network_comes_into_the_cache_once()
    {
        PublicModel model = Model with { Path = $"net-{Hash(_file)}.pth" };
        using var server = new LocalServer(request => Answer.File(_file, request));
        string path = WeightsCache.PathOf(model);
        string[] first = Pull(model, server);
        Assert.Equal(_file, File.ReadAllBytes(path));
        Assert.Contains(first, line => line.StartsWith($"wrote '{path}', 195 KB", StringComparison.Ordinal));
        Assert.Contains(first, line => line.Contains("Apache-2.0; ADE20K: pictures for non-commercial", StringComparison.Ordinal));
        Assert.Equal([$"'{path}' is there already"], Pull(model, server));
        Assert.Equal(("  here", ""), (ModelsVerb.State(model), ModelsVerb.State(Model)));
        Assert.Single(server.Requests);
        File.AppendAllText(path, "x");
        Assert.Contains("is damaged", Pull(model, server)[0], StringComparison.Ordinal);
        Assert.Equal(_file, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.File("cache")));
    }

    [Fact]
    public void Faults_of_a_server_are_one_line_and_leave_nothing()
    {
        using var server = new LocalServer(request => request.Number == 1 ? new Answer(404, []) : Answer.File(_file, request));
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", $"{server.Root}copies/");
        Spgpu.Run("pull", Name).Fails(1, Model.FileName, $"'127.0.0.1:{server.Port}'", "404");
        Spgpu.Run("pull", Name).Fails(3, "is not what its name says", Model.Digits);
        Assert.All(server.Requests, request => Assert.StartsWith($"GET /copies/{Model.FileName} ", request.Line, StringComparison.Ordinal));
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", "http://127.0.0.1:1");
        Spgpu.Run("pull", Name).Fails(1, "no connection to '127.0.0.1'");
        Assert.Empty(Directory.GetFiles(_folder.File("cache")));
    }

    [Fact]
    public void What_has_come_stays_and_is_told()
    {
        using var server = new LocalServer(request => Answer.File(_file, request).Cut(request.From is null ? 150_000 : 0));
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", server.Root.ToString());
        Spgpu run = Spgpu.Run("pull", Name, "--tries", "1").Fails(1, "the connection broke after 150000 bytes");
        Assert.Contains($"146 KB have come and stay; 'spgpu pull {Name}' goes on from there", run.Out, StringComparison.Ordinal);
        Assert.Equal(150_000, new FileInfo(PartFile.PathOf(WeightsCache.PathOf(Model))).Length);
        Spgpu.Run("pull", Name, "--tries", "1").Fails(1, "the connection broke after 150000 bytes");
        Assert.Equal(150_000, server.Requests[1].From);
    }

    [Fact]
    public void Who_asks_it_to_stop_keeps_what_has_come()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LocalServer(request => Answer.File(_file, request).Cut(100_000, stalls: true) with
        {
            Sent = () => stop.CancelAfter(TimeSpan.FromSeconds(3)),
        });
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", server.Root.ToString());
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(130, Program.Run(["pull", Name, "--timeout", "600"], output, error, stop.Token));
        Assert.Equal("spgpu: interrupted", error.ToString().Trim());
        Assert.InRange(new FileInfo(PartFile.PathOf(WeightsCache.PathOf(Model))).Length, 1, 100_000);
    }

    [Fact]
    public void A_person_sees_how_much_has_come()
    {
        PublicModel model = Model with { Path = $"net-{Hash(_file)}.pth" };
        using var server = new LocalServer(request => Answer.File(_file, request));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, isInteractive: true, default, () => 80);
        PullVerb.Pull(terminal, model, new Uri(server.Root, "f"), new(Patience));
        string begin = $"\r{Name} [........................................] 0 bytes of 195 KB";
        Assert.Contains(begin, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_a_path_or_else_a_network_of_the_cache()
    {
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        string[] segment = ["segment", picture, "--device", "cpu", "--out", _folder.File("out"), "--weights"];
        Spgpu.Run([.. segment, Name]).Fails(3, $"'{Name}' is no file here and has not been downloaded; 'spgpu pull {Name}' gets it");
        Spgpu.Run("info", Name).Fails(3, $"'spgpu pull {Name}'");
        string run = _folder.Write("run.yaml", "DATA:\n  data_root: pictures\n  classes: 5\n");
        Spgpu.Run("train", run, $"weight={Name}", "--device", "cpu").Fails(3, $"'spgpu pull {Name}'");
        Directory.CreateDirectory(_folder.File("cache"));
        File.Move(TinyNetwork.Write(_folder, classes: 150), WeightsCache.PathOf(Model));
        Spgpu.Run([.. segment, Name]).Done();
        Assert.True(File.Exists(_folder.File("out/a.png")));
        Assert.Contains(Model.FileName, Spgpu.Run("info", Name).Done().Out, StringComparison.Ordinal);
        Spgpu.Run("convert", Name, _folder.File("converted.safetensors")).Done();
        Spgpu.Run([.. segment, "fnc-r50-ade20k"]).Fails(3, "neither a file nor a network", $"did you mean '{Name}'?");
        Spgpu.Run([.. segment, "missing.pth"]).Fails(3, "cannot open 'missing.pth'");
        Assert.Equal(_folder.Path, WeightsCache.Find(_folder.Path));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        Spgpu.Run("pull", "ddrnet23-slim-cityscape").Fails(2, "no network is called", "did you mean 'ddrnet23-slim-cityscapes'?");
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", "ftp://somewhere");
        Spgpu.Run("pull", Name).Fails(2, "SPGPU_MIRROR is 'ftp://somewhere'");
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", "no address");
        Spgpu.Run("pull", Name).Fails(2, "SPGPU_MIRROR is 'no address'");
        Environment.SetEnvironmentVariable("SPGPU_MIRROR", "http://127.0.0.1:1");
        Environment.SetEnvironmentVariable("SPGPU_CACHE", _folder.Write("file", "x"));
        Spgpu.Run("pull", Name).Fails(1, "cannot make the folder", "SPGPU_CACHE");
    }

    [Fact]
    public void The_cache_lies_where_the_system_keeps_such_files()
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        bool isWindows = OperatingSystem.IsWindows();
        Assert.Equal(_folder.File("cache"), WeightsCache.Folder);
        Assert.Equal(Path.Combine(isWindows ? local : home, "spgpu"), WeightsCache.FolderBy(_ => null));
        Assert.Equal(Path.Combine(isWindows ? local : _folder.Path, "spgpu"), By("XDG_CACHE_HOME", _folder.Path));
        Assert.Equal(Path.Combine(isWindows ? local : home, "spgpu"), By("XDG_CACHE_HOME", "not/from/the/root"));
        Assert.Equal(Path.GetFullPath("here"), By("SPGPU_CACHE", "here"));

        static string By(string variable, string value) => WeightsCache.FolderBy(name => name == variable ? value : null);
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(60);

    private static string[] Pull(PublicModel model, LocalServer server)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, isInteractive: false, default);
        PullVerb.Pull(terminal, model, new Uri(server.Root, model.FileName), new(Patience));
        Assert.Equal("", error.ToString());
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
}
