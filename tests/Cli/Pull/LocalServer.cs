using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SpGpu.Cli.Tests.Pull;

/// <summary>What someone asks of a <see cref="LocalServer"/>.</summary>
/// <param name="Number">1 for the first request.</param>
/// <param name="Line">The first line.</param>
/// <param name="Headers">The headers by their names.</param>
internal sealed record Request(int Number, string Line, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that is wanted; null where the whole file is.</summary>
    public int? From => Headers.TryGetValue("Range", out string? range)
        ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)
        : null;
}

/// <summary>What it answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The bytes that are sent.</param>
internal sealed record Answer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The length that is announced; null for none.</summary>
    public long? Length { get; init; } = Body.Length;

    /// <summary>Whether nothing more comes behind the body, and the connection stays open.</summary>
    public bool Stalls { get; init; }

    /// <summary>Told when the body has been sent.</summary>
    public Action Sent { get; init; } = () => { };

    /// <summary>The file as a good server gives it: from the byte on that is asked for, if it has the version that is named.</summary>
    public static Answer File(byte[] file, Request request, string? tag = "\"1\"")
    {
        bool same = !request.Headers.TryGetValue("If-Range", out string? version) || version == tag;
        Answer answer = request.From is { } from && same
            ? new Answer(206, file[from..]) { Headers = { ["Content-Range"] = $"bytes {from}-{file.Length - 1}/{file.Length}" } }
            : new Answer(200, file);
        if (tag is not null)
            answer.Headers["ETag"] = tag;
        return answer;
    }

    /// <summary>The same, but the connection breaks or stalls after some bytes.</summary>
    public Answer Cut(int bytes, bool stalls = false) => this with { Body = Body[..bytes], Length = Length, Stalls = stalls };
}

/// <summary>A server on this machine that answers HTTP as a test tells it to, one request a connection.</summary>
internal sealed class LocalServer : IDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Request> _requests = [];
    private readonly Func<Request, Answer> _answer;
    private readonly Task _work;

    public LocalServer(Func<Request, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _work = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Root => new($"http://127.0.0.1:{Port}/");

    public Request[] Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _work.Wait();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                if (await Read(stream) is not { } head)
                {
                    await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }
                Answer answer = _answer(Take(head));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(answer)), _stop.Token);
                await stream.WriteAsync(answer.Body, _stop.Token);
                answer.Sent();
                if (answer.Stalls)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone, or the test is over.
        }
    }

    /// <summary>The head of a request; null where someone speaks TLS.</summary>
    private async Task<string?> Read(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                throw new IOException("the request ends too early");
            if (head.Count == 0 && one[0] == TlsHandshake)
                return null;
            head.Add(one[0]);
        }
        return Encoding.ASCII.GetString([.. head]);
    }

    private Request Take(string head)
    {
        string[] lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        lock (_requests)
        {
            _requests.Add(new Request(_requests.Count + 1, lines[0], headers));
            return _requests[^1];
        }
    }

    private static string Head(Answer answer)
    {
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} As told\r\nConnection: close\r\n");
        if (answer.Length is { } length)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        foreach ((string name, string value) in answer.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return head.Append("\r\n").ToString();
    }
}
