using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.WebEndpoint;

namespace SpGpu.Samples.Tests;

/// <summary>The web sample under load, with bad uploads, and with clients that go.</summary>
public sealed class WebEndpointTests : IDisposable
{
    private const int Classes = 5;

    private static readonly SpNetArchitecture _small =
        SpNetArchitecture.Of(Classes, stem: [8, 8, 16], planes: [8, 8, 16, 16], blocks: [1, 1, 1, 1]);

    // Takes minutes, so that who goes away does so in the midst of it.
    private static readonly SegmentOptions _long = new() { Window = 16, Flip = true, Scales = [8, 8, 8] };

    private readonly Device _device = Device.Open("cpu");
    private readonly SpNet _net;

    public WebEndpointTests() => _net = SpNet.Random(_small, _device, seed: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _net.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task Of_two_hundred_requests_none_is_lost_and_memory_stays()
    {
        await using WebApplication server = await Start(new ServerLimits());
        using HttpClient client = Client(server);
        (byte[] File, byte[] Labels)[] pictures = [.. Enumerable.Range(0, 10).Select(i => Picture(60 + 40 * i, 300 - 20 * i))];
        await Send(100);
        long before = Resident();
        await Send(100);
        long after = Resident();
        TestContext.Current.TestOutputHelper?.WriteLine($"{before >> 20} MiB after a hundred, {after >> 20} MiB after two hundred");
        Assert.InRange(after, 0, before * 1.1);

        Task Send(int count) => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions
        {
            MaxDegreeOfParallelism = 8,
            CancellationToken = Cancellation,
        }, async (i, cancellation) =>
        {
            (byte[] file, byte[] labels) = pictures[i % pictures.Length];
            using HttpResponseMessage answer = await client.PostAsync("segment", new ByteArrayContent(file), cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal(labels, LabelMap.Read(await answer.Content.ReadAsStreamAsync(cancellation), "the answer").Labels);
        });
    }

    public static TheoryData<string, int, string> Malformed => new()
    {
        { "", 400, "the file is empty" },
        { "no picture", 400, "not a picture of a known format" },
        { "II*\0raw", 400, "TIFF" },
        { "\u0089PNG\r\n\u001a\n", 400, "cut short" },
        { new string('x', 70_000), 413, "70000" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_upload_is_answered_with_a_line(string upload, int status, string text)
    {
        await using WebApplication server = await Start(new ServerLimits { Bytes = 69_999 });
        using HttpClient client = Client(server);
        using HttpResponseMessage answer =
            await client.PostAsync("segment", new ByteArrayContent([.. upload.Select(c => (byte)c)]), Cancellation);
        string line = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(status == 413 ? "69999" : text, line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_cut_short_or_too_large_is_answered_with_a_line()
    {
        await using WebApplication server = await Start(new ServerLimits { Pixels = 60 * 40 });
        using HttpClient client = Client(server);
        byte[] file = Picture(60, 40).File;
        (byte[], string)[] uploads = [(Picture(60, 41).File, "60 x 41 pixels are above"), (file[..(file.Length / 2)], "cut short")];
        foreach ((byte[] upload, string text) in uploads)
        {
            using HttpResponseMessage answer = await client.PostAsync("segment", new ByteArrayContent(upload), Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(text, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_goes_away_ends_the_computation()
    {
        await using WebApplication server = await Start(new ServerLimits { Options = _long, AtWork = 1, Waiting = 0 });
        using HttpClient client = Client(server);
        byte[] file = Picture(200, 150).File;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<HttpResponseMessage> first = client.PostAsync("segment", new ByteArrayContent(file), gone.Token);
        await Until(client, atWork: 1);
        using HttpResponseMessage refused = await client.PostAsync("segment", new ByteArrayContent(file), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("too many requests wait already; try again in a second\n", await refused.Content.ReadAsStringAsync(Cancellation));
        var clock = Stopwatch.StartNew();
        await gone.CancelAsync();
        await Until(client, atWork: 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"nothing was computed {clock.ElapsedMilliseconds} ms after the client had gone");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        // The network is free at once.
        Assert.Equal(60 * 40, _net.Segment(RgbImage.Read(new MemoryStream(Picture(60, 40).File), "a picture")).Labels.Length);
    }

    /// <summary>Waits until so many requests are at work.</summary>
    private static async Task Until(HttpClient client, int atWork)
    {
        while (true)
        {
            using JsonDocument health = JsonDocument.Parse(await client.GetStringAsync("health", Cancellation));
            if (health.RootElement.GetProperty("atWork").GetInt32() == atWork)
                return;
            await Task.Delay(1, Cancellation);
        }
    }

    private async Task<WebApplication> Start(ServerLimits limits)
    {
        WebApplication server = SegmentServer.Create(_net, limits, "http://127.0.0.1:0");
        await server.StartAsync(Cancellation);
        return server;
    }

    private static HttpClient Client(WebApplication server) => new() { BaseAddress = new Uri(server.Urls.First()) };

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>A picture of coloured blocks as JPEG, and what the network makes of it.</summary>
    private (byte[] File, byte[] Labels) Picture(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i / 90 * 47))];
        using var file = new MemoryStream();
        new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb).WriteJpeg(file);
        RgbImage image = RgbImage.Read(new MemoryStream(file.ToArray()), "a picture");
        return (file.ToArray(), _net.Segment(image, new ServerLimits().Options).Labels);
    }
}
