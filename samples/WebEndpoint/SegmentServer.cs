using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpGpu.Data;
using SpGpu.Models;

namespace SpGpu.WebEndpoint;

/// <summary>POST /segment takes a picture and gives its label map; GET /health tells that the server is there.</summary>
public static class SegmentServer
{
    private const string Queue = "segment";

    /// <summary>Makes a server, which has not been started yet.</summary>
    /// <param name="net">The network, which several requests may use.</param>
    /// <param name="limits">What a request may ask for.</param>
    /// <param name="url">Where it listens; port 0 takes one that is free.</param>
    public static WebApplication Create(SegmentationNetwork net, ServerLimits limits, string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limits.Bytes);
        builder.Services.AddRateLimiter(limiter => limiter
            .AddConcurrencyLimiter(Queue, queue => (queue.PermitLimit, queue.QueueLimit) = (limits.AtWork, limits.Waiting))
            .OnRejected = (rejected, cancellation) => new ValueTask(
                Refuse(StatusCodes.Status503ServiceUnavailable, "too many requests wait already; try again in a second")
                    .ExecuteAsync(rejected.HttpContext)));
        WebApplication server = builder.Build();
        server.UseRateLimiter();
        int atWork = 0;
        server.MapGet("/health", () => Results.Json(new { status = "ok", network = net.ToString(), atWork }));
        server.MapPost("/segment", async (HttpContext context) =>
        {
            Interlocked.Increment(ref atWork);
            try
            {
                return await Segment(net, limits, context.Request, context.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref atWork);
            }
        }).RequireRateLimiting(Queue);
        return server;
    }

    /// <summary>Reads the picture, segments it and answers; stops computing when the client has gone.</summary>
    private static async Task<IResult> Segment(
        SegmentationNetwork net, ServerLimits limits, HttpRequest request, CancellationToken gone)
    {
        try
        {
            using var upload = new MemoryStream();
            await request.Body.CopyToAsync(upload, gone);
            upload.Position = 0;
            RgbImage image = RgbImage.Read(upload, "upload", maxPixels: limits.Pixels);
            LabelMap map = await net.SegmentAsync(image, limits.Options, gone);
            using var png = new MemoryStream();
            map.Write(png, net.Classes.Colours ?? Palette.Distinct(net.Architecture.Classes));
            return Results.Bytes(png.ToArray(), "image/png");
        }
        catch (BadHttpRequestException error)
        {
            // An upload above the limit, and what else breaks the rules of HTTP.
            return Refuse(error.StatusCode, $"{error.Message.TrimEnd('.')}; the limit is {limits.Bytes} bytes");
        }
        catch (ImageException error)
        {
            return Refuse(StatusCodes.Status400BadRequest, error.Message);
        }
        catch (DeviceMemoryException error)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, error.Message);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }

    /// <summary>One line that says what is wrong and what to do.</summary>
    private static IResult Refuse(int status, string line) => Results.Text(line + "\n", statusCode: status);
}
