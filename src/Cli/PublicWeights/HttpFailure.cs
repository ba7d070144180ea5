using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SpGpu.Cli.PublicWeights;

/// <summary>Words for what goes wrong between this machine and a server.</summary>
internal static class HttpFailure
{
    private const string Online = "see whether this machine is online and whether it needs a proxy (HTTPS_PROXY)";
    private const string Browser = "see in a browser what the address gives";

    /// <summary>The error for a request that was not answered, or whose answer broke off.</summary>
    /// <param name="error">What the runtime says.</param>
    /// <param name="address">What was asked for.</param>
    /// <param name="proxy">The proxy that the request went to; null for none.</param>
    /// <param name="wasThere">Whether the server has answered before, so that it is likely to do so again.</param>
    public static DownloadException Of(HttpRequestException error, Uri address, Uri? proxy, bool wasThere)
    {
        string asked = proxy is null ? $"'{address.Host}'" : $"the proxy '{proxy.Authority}'";
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Failed(
                $"nobody knows where {asked} is", Online, wasThere),
            HttpRequestError.ConnectionError => Failed(
                $"no connection to {asked}: {Cause(error)}", Online, wasThere),
            HttpRequestError.SecureConnectionError => Failed(
                $"no secure connection to '{address.Host}': {Cause(error)}",
                "see whether the date of this machine is right and which certificates it trusts", false),
            // Without the runtime's own error, which has the password that is set for the proxy.
            HttpRequestError.ProxyTunnelError => Error(
                address, $"{asked} refuses to lead to '{address.Host}'", "see whether HTTPS_PROXY, with name and password, is right"),
            _ => Failed($"the connection to {asked} broke: {Cause(error)}", "try again", true),
        };

        DownloadException Failed(string problem, string remedy, bool mayPass) => Error(address, problem, remedy, mayPass, error);
    }

    /// <summary>The error for an answer that is none.</summary>
    public static DownloadException Of(HttpStatusCode status, Uri address) => (int)status switch
    {
        >= 300 and < 400 => Error(address, "the server sends on again and again, or to a place that is not secure", Browser),
        403 or 404 or 410 => Error(address, $"it is not there ({Name(status)})", "it may have moved: see its publisher's pages"),
        407 => Error(address, $"the proxy asks who you are ({Name(status)})", "set HTTPS_PROXY to http://name:password@host:port"),
        408 or 429 or >= 500 => Error(address, $"the server cannot give it now ({Name(status)})", "try again later", mayPass: true),
        _ => Error(address, $"the server answers {Name(status)}", Browser),
    };

    public static DownloadException Error(Uri address, string problem, string remedy, bool mayPass = false, Exception? inner = null) =>
        new($"cannot download '{Path.GetFileName(address.AbsolutePath)}' from '{address.Authority}': {problem}; {remedy}", mayPass, inner);

    private static string Name(HttpStatusCode status) => Enum.IsDefined(status) ? $"{(int)status}, {status}" : $"{(int)status}";

    /// <summary>What lies at the bottom of an error, in a line: above it the runtime only says that something failed.</summary>
    private static string Cause(Exception error)
    {
        while (error.InnerException is { } inner && error is not (SocketException or AuthenticationException { InnerException: null }))
            error = inner;
        return error.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
