using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SpGpu.Cli.PublicWeights;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Pull;

/// <summary>One file over HTTP, from servers that are good, broken or bad.</summary>
public sealed class DownloadTests : IDisposable
{
    private const int Length = 300_000;

    private static readonly byte[] _file = Content(1);
    private static readonly byte[] _other = Content(2);
    private static readonly WebProxy _direct = new();

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    private string Target => _folder.File("net.pth");

    private string Part => PartFile.PathOf(Target);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_comes_whole()
    {
        var steps = new List<long>();
        using var server = new LocalServer(request => Answer.File(_file, request));
        string hash = await Get(server.Root, _file, progress: (done, all) =>
        {
            Assert.Equal(Length, all);
            steps.Add(done);
        });
        AssertWhole(_file);
        Assert.Equal(Hash(_file), hash);
        Assert.Equal(steps.Order(), steps);
        Assert.Equal((0, Length), (steps[0], steps[^1]));
        Assert.StartsWith("GET /net.pth ", Assert.Single(server.Requests).Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_goes_on_where_a_connection_broke_or_stalled(bool stalls)
    {
        using var server = new LocalServer(request => request.Number <= 2
            ? Answer.File(_file, request).Cut(100_000, stalls)
            : Answer.File(_file, request));
        await Get(server.Root, _file, patience: stalls ? 4 : 60);
        AssertWhole(_file);
        Assert.Equal([null, 100_000, 200_000], From(server));
        Assert.Equal("\"1\"", server.Requests[1].Headers["If-Range"]);
        Assert.Equal(2, _notes.Count);
        Assert.Contains(stalls ? "nothing came for 4 s" : "the connection broke", _notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_where_an_earlier_download_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LocalServer(request => Answer.File(_file, request));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(server.Root, _file, stop: stop, progress: (done, _) =>
        {
            if (done > Length / 3)
                stop.Cancel();
        }));
        Assert.False(File.Exists(Target));
        long kept = new FileInfo(Part).Length;
        Assert.InRange(kept, Length / 3, Length - 1);
        Assert.Equal(_file[..(int)kept], File.ReadAllBytes(Part));
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.Equal(kept, (long)server.Requests[1].From!);
    }

    [Fact]
    public async Task It_begins_anew_where_a_server_cannot_go_on()
    {
        using var server = new LocalServer(request => request.Number == 1
            ? Answer.File(_file, request).Cut(100_000)
            : new Answer(200, _file));
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.Equal(2, server.Requests.Length);
    }

    [Theory]
    [InlineData("a good server sends the new file as a whole")]
    [InlineData("one that knows no If-Range sends the rest with another tag")]
    [InlineData("one without tags sends the rest of the new file")]
    public async Task A_file_that_changes_between_two_parts_comes_in_its_new_form(string server)
    {
        bool hasTags = !server.Contains("without", StringComparison.Ordinal);
        bool isGood = server.StartsWith("a good", StringComparison.Ordinal);
        using var local = new LocalServer(request =>
        {
            if (request.Number == 1)
                return Answer.File(_file, request, hasTags ? "\"1\"" : null).Cut(100_000);
            Request asked = isGood ? request
                : request with { Headers = request.Headers.Where(header => header.Key != "If-Range").ToDictionary() };
            return Answer.File(_other, asked, hasTags ? "\"2\"" : null);
        });
        await Get(local.Root, _other);
        AssertWhole(_other);
        Assert.Equal(isGood ? 2 : 3, local.Requests.Length);
    }

    [Theory]
    [InlineData(401, "answers 401, Unauthorized")]
    [InlineData(403, "it is not there (403, Forbidden)")]
    [InlineData(404, "it is not there (404, NotFound)")]
    [InlineData(410, "it is not there (410, Gone)")]
    [InlineData(418, "answers 418")]
    public async Task What_a_server_does_not_have_is_asked_for_once(int status, string text)
    {
        using var server = new LocalServer(_ => new Answer(status, "no"u8.ToArray()));
        await Fails<DownloadException>(server.Root, text);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_in_trouble_is_asked_again(int status)
    {
        using var server = new LocalServer(request => request.Number < 3 ? new Answer(status, []) : Answer.File(_file, request));
        await Get(server.Root, _file);
        AssertWhole(_file);
        using var broken = new LocalServer(_ => new Answer(status, []));
        File.Delete(Target);
        await Fails<DownloadException>(broken.Root, $"the server cannot give it now ({status}, ");
        Assert.Equal(4, broken.Requests.Length);
    }

    [Fact]
    public async Task What_has_come_stays_when_all_tries_fail()
    {
        using var server = new LocalServer(request => request.Number == 1 ? Answer.File(_file, request).Cut(1000) : new Answer(500, []));
        await Assert.ThrowsAsync<DownloadException>(() => Get(server.Root, _file));
        Assert.False(File.Exists(Target));
        Assert.Equal(_file[..1000], File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task It_follows_to_another_host()
    {
        using var other = new LocalServer(request => Answer.File(_file, request));
        using var server = new LocalServer(
            _ => new Answer(302, []) { Headers = { ["Location"] = $"http://localhost:{other.Port}/elsewhere.pth" } });
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.StartsWith("GET /elsewhere.pth ", other.Requests[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_go_round_in_circles()
    {
        using var server = new LocalServer(_ => new Answer(302, []) { Headers = { ["Location"] = "/net.pth" } });
        await Fails<DownloadException>(server.Root, "sends on again and again");
        Assert.InRange(server.Requests.Length, 2, 10);
    }

    [Fact]
    public async Task Another_file_is_not_taken()
    {
        using var server = new LocalServer(request => Answer.File(_other, request));
        await Fails<WeightsException>(server.Root, $"its SHA-256 begins with {Hash(_other)[..8]}, not {Hash(_file)[..8]}");
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Remains_that_do_not_fit_are_downloaded_again()
    {
        File.WriteAllBytes(Part, _other[..5000]);
        using var server = new LocalServer(request => Answer.File(_file, request));
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.Equal([5000, null], From(server));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_any_file_has_is_not_taken(bool announced)
    {
        using var server = new LocalServer(_ => new Answer(200, new byte[2_000_000]) { Length = announced ? 2_000_000 : null });
        await Fails<DownloadException>(server.Root, "more comes than any such file has");
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_body_without_a_length_is_taken_to_its_end()
    {
        using var server = new LocalServer(_ => new Answer(200, _file) { Length = null });
        await Get(server.Root, _file);
        AssertWhole(_file);
    }

    [Fact]
    public async Task A_rest_that_begins_elsewhere_is_not_taken()
    {
        using var server = new LocalServer(request => request.Number switch
        {
            1 => Answer.File(_file, request).Cut(1000),
            2 => new Answer(206, _file[500..]) { Headers = { ["Content-Range"] = $"bytes 500-{Length - 1}/{Length}" } },
            _ => Answer.File(_file, request),
        });
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.Equal([null, 1000, null], From(server));
    }

    [Theory]
    [InlineData(Length)]
    [InlineData(1234)]
    public async Task A_part_that_is_as_long_as_the_file_is_the_file_or_goes(int length)
    {
        File.WriteAllBytes(Part, _file);
        using var server = new LocalServer(request => request.From is null
            ? Answer.File(_file, request)
            : new Answer(416, []) { Headers = { ["Content-Range"] = $"bytes */{length}" } });
        await Get(server.Root, _file);
        AssertWhole(_file);
        Assert.Equal(length == Length ? 1 : 2, server.Requests.Length);
    }

    [Fact]
    public async Task A_web_page_is_no_file()
    {
        using var server = new LocalServer(
            _ => new Answer(200, "<html>"u8.ToArray()) { Headers = { ["Content-Type"] = "text/html; charset=utf-8" } });
        await Fails<DownloadException>(server.Root, "a web page came in place of the file");
    }

    [Fact]
    public async Task One_process_at_a_time_downloads_a_file()
    {
        using var server = new LocalServer(request => Answer.File(_file, request));
        using (PartFile.Open(Target))
            await Assert.ThrowsAsync<OutputException>(() => Get(server.Root, _file));
        Assert.Empty(server.Requests);
        await Get(server.Root, _file);
        AssertWhole(_file);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_named()
    {
        OutputException error = await Assert.ThrowsAsync<OutputException>(
            () => new Download(new Uri("http://127.0.0.1:1/a.pth"), new(TimeSpan.FromSeconds(9)), _notes.Add, (_, _) => { })
                .To(_folder.File("none/net.pth"), "", TestContext.Current.CancellationToken, _direct));
        Assert.Contains("its folder does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_connection_it_fails_at_once()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await Fails<DownloadException>(new Uri($"http://127.0.0.1:{port}/"), "no connection to '127.0.0.1'", "online", "proxy");
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task A_server_that_is_not_secure_is_not_trusted()
    {
        using var server = new LocalServer(request => Answer.File(_file, request));
        await Fails<DownloadException>(new Uri($"https://127.0.0.1:{server.Port}/"), "no secure connection to '127.0.0.1'", "certificates");
        Assert.Empty(server.Requests);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task A_proxy_is_used()
    {
        using var proxy = new LocalServer(request => Answer.File(_file, request));
        await Get(new Uri("http://weights.invalid/"), _file, proxy: new WebProxy(proxy.Root));
        AssertWhole(_file);
        Assert.StartsWith("GET http://weights.invalid/net.pth ", proxy.Requests[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named_without_its_password()
    {
        using var proxy = new LocalServer(_ => new Answer(407, []));
        var with = new WebProxy(new Uri($"http://me:secret@127.0.0.1:{proxy.Port}"));
        await Fails<DownloadException>(new Uri("http://weights.invalid/"), with, "the proxy asks who you are");
        SpGpuException error = await Fails<DownloadException>(
            new Uri("https://weights.invalid/"), with, $"the proxy '127.0.0.1:{proxy.Port}' refuses to lead to 'weights.invalid'");
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> Get(
        Uri root, byte[] expected, double patience = 60, Action<long, long?>? progress = null, IWebProxy? proxy = null,
        CancellationTokenSource? stop = null)
    {
        var limits = new DownloadLimits(TimeSpan.FromSeconds(patience)) { Attempts = 4, Pause = TimeSpan.Zero, MostBytes = 1_000_000 };
        return await new Download(new Uri(root, "net.pth"), limits, _notes.Add, progress ?? ((_, _) => { }))
            .To(Target, Hash(expected)[..8], stop?.Token ?? TestContext.Current.CancellationToken, proxy ?? _direct);
    }

    /// <summary>Demands one line with the given texts, and that nothing is left in the folder.</summary>
    private Task<T> Fails<T>(Uri root, params string[] texts) where T : SpGpuException => Fails<T>(root, null, texts);

    private async Task<T> Fails<T>(Uri root, IWebProxy? proxy, params string[] texts) where T : SpGpuException
    {
        T error = await Assert.ThrowsAsync<T>(() => Get(root, _file, proxy: proxy));
        Assert.All(texts, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        return error;
    }

    private void AssertWhole(byte[] expected)
    {
        Assert.Equal(expected, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    private static IEnumerable<int?> From(LocalServer server) => server.Requests.Select(request => request.From);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Content(int seed)
    {
        byte[] content = new byte[Length];
        new Random(seed).NextBytes(content);
        return content;
    }
}
