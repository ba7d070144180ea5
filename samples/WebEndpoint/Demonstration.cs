using System.Net;
using SpGpu.Data;
using SpGpu.Synth;

namespace SpGpu.WebEndpoint;

/// <summary>What a client does.</summary>
internal static class Demonstration
{
    /// <summary>Sends a street, something that is no picture, and asks how the server is.</summary>
    public static async Task RunAsync(Uri server)
    {
        using var client = new HttpClient { BaseAddress = server };
        using var picture = new MemoryStream();
        SyntheticScenes.Generate(new() { Split = SynthSplit.Test, Width = 320, Height = 240 }, index: 0).Image.WriteJpeg(picture);
        using HttpResponseMessage labels = await client.PostAsync("segment", new ByteArrayContent(picture.ToArray()));
        var map = LabelMap.Read(await labels.Content.ReadAsStreamAsync(), "the answer");
        long road = map.Shares(SynthClasses.Names.Count)[(int)SynthClass.Road];
        Console.WriteLine($"{(int)labels.StatusCode}: {map}, {100.0 * road / map.Labels.Length:0} % of it road");

        using HttpResponseMessage refused = await client.PostAsync("segment", new StringContent("no picture"));
        Console.WriteLine($"{(int)refused.StatusCode}: {(await refused.Content.ReadAsStringAsync()).TrimEnd()}");
        Console.WriteLine($"200: {await client.GetStringAsync("health")}");
        if (labels.StatusCode != HttpStatusCode.OK || refused.StatusCode != HttpStatusCode.BadRequest)
            throw new InvalidOperationException("the server did not answer as it should");
    }
}
