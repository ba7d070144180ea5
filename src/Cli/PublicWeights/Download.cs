using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace SpGpu.Cli.PublicWeights;

/// <summary>
/// Gets one file by HTTP: on from where an earlier download ended, with pauses and further requests where a connection
/// breaks or stalls, and into its place only when it is whole and its hash right.
/// </summary>
/// <param name="address">Where the file is.</param>
/// <param name="limits">How long and how often it is tried.</param>
/// <param name="note">Told what goes wrong and is tried again.</param>
/// <param name="progress">Told how many bytes have come, and of how many where that is known.</param>
internal sealed class Download(Uri address, DownloadLimits limits, Action<string> note, Action<long, long?> progress)
{
    private const int MostRedirections = 5, Chunk = 1 << 16;

    /// <summary>Whether the server has answered a request.</summary>
    private bool _answered;

    /// <summary>The bytes of the whole file, once the server has said it.</summary>
    private long? _length;

    /// <summary>Downloads the file to a path; gives its SHA-256.</summary>
    /// <param name="target">The path; what comes of a download that fails lies beside it.</param>
    /// <param name="digits">The first digits of its SHA-256.</param>
    /// <param name="stop">Ends it; what has come stays.</param>
    /// <param name="proxy">Goes before that of the system.</param>
    /// <exception cref="DownloadException">It cannot be had.</exception>
    /// <exception cref="WeightsException">It is another file than the digits say.</exception>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public async Task<string> To(string target, string digits, CancellationToken stop, IWebProxy? proxy = null)
    {
        using var handler = new SocketsHttpHandler
        {
            Proxy = proxy,
            ConnectTimeout = limits.Patience,
            MaxAutomaticRedirections = MostRedirections,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        // Some servers refuse who does not say what it is.
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("spgpu", null));
        using PartFile part = PartFile.Open(target);
        Uri? through = (proxy ?? HttpClient.DefaultProxy).GetProxy(address) is { } found && found != address ? found : null;
        TimeSpan pause = limits.Pause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await Request(client, part, through, stop).ConfigureAwait(false);
                return Complete(part, digits);
            }
            catch (DownloadException error) when (error.MayPass && attempt < limits.Attempts)
            {
                note($"{error.Message} (try {attempt} of {limits.Attempts})");
            }
            await Task.Delay(pause, stop).ConfigureAwait(false);
            pause *= 2;
        }
    }

    private string Complete(PartFile part, string digits)
    {
        try
        {
            return part.Complete(digits, address);
        }
        catch (WeightsException error)
        {
            // Parts of two files, or what a machine without power had not written yet: worth another try.
            bool isPieced = part.IsPieced;
            part.Restart(null);
            if (isPieced)
                throw new DownloadException(error.Message, mayPass: true, error);
            part.Remove();
            throw;
        }
    }

    /// <summary>Asks for what is missing and takes what comes.</summary>
    private async Task Request(HttpClient client, PartFile part, Uri? proxy, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            // Of another version the whole file comes.
            if (part.Version is { } version)
                request.Headers.TryAddWithoutValidation("If-Range", version);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            patience.CancelAfter(limits.Patience);
            using HttpResponseMessage response =
                await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            _answered = true;
            if (Prepare(response, part))
                await Take(response, part, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            string waited = FormattableString.Invariant($"{limits.Patience.TotalSeconds:0.#} s");
            throw Failed($"nothing came for {waited}", "see whether this machine is online", mayPass: true);
        }
        catch (HttpRequestException error)
        {
            throw HttpFailure.Of(error, address, proxy, _answered);
        }
        catch (IOException error)
        {
            throw Failed($"the connection broke after {part.Length} bytes", "try again", mayPass: true, error);
        }
    }

    /// <summary>Reads the head of an answer and makes the part ready for what follows; false where it is whole already.</summary>
    private bool Prepare(HttpResponseMessage response, PartFile part)
    {
        HttpContentHeaders headers = response.Content.Headers;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                if (headers.ContentType?.MediaType == "text/html")
                    throw Failed("a web page came in place of the file", "see in a browser what it says; a network may ask you to log in");
                part.Restart(VersionOf(response));
                _length = headers.ContentLength;
                break;
            case HttpStatusCode.PartialContent when IsRest(response, part):
                part.IsPieced = true;
                _length = headers.ContentRange!.Length ?? part.Length + headers.ContentLength;
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0 && headers.ContentRange?.Length == part.Length:
                part.IsPieced = true;
                return false;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0:
                part.Restart(null);
                throw Failed("the server has another file by now, or not the rest of this one", "try again", mayPass: true);
            default:
                throw HttpFailure.Of(response.StatusCode, address);
        }
        return _length is null || _length <= limits.MostBytes ? true : throw TooLarge(part);
    }

    private async Task Take(HttpResponseMessage response, PartFile part, CancellationTokenSource patience)
    {
        Stream body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        byte[] chunk = new byte[Chunk];
        progress(part.Length, _length);
        while (true)
        {
            patience.CancelAfter(limits.Patience);
            int read = await body.ReadAsync(chunk, patience.Token).ConfigureAwait(false);
            if (read == 0)
                break;
            if (part.Length + read > (_length ?? limits.MostBytes))
                throw TooLarge(part);
            part.Append(chunk.AsMemory(0, read));
            progress(part.Length, _length);
        }
        if (part.Length < _length)
            throw Failed($"{part.Length} of {_length} bytes came", "try again", mayPass: true);
    }

    /// <summary>Whether a part is what follows on what is there, of the same file.</summary>
    private static bool IsRest(HttpResponseMessage response, PartFile part) =>
        response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from } && from == part.Length && part.Length > 0
        && (part.Version is null || VersionOf(response) is not { } version || version == part.Version);

    /// <summary>What a server calls the version of a file, if it can be asked for by that; else the time of its last change.</summary>
    private static string? VersionOf(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag
        ? tag.ToString()
        : response.Content.Headers.LastModified is { } time ? time.ToString("R", CultureInfo.InvariantCulture) : null;

    private DownloadException TooLarge(PartFile part)
    {
        part.Remove();
        return Failed("more comes than any such file has", "see in a browser what the address gives");
    }

    private DownloadException Failed(string problem, string remedy, bool mayPass = false, Exception? inner = null) =>
        HttpFailure.Error(address, problem, remedy, mayPass, inner);
}
