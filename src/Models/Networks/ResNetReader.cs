namespace SpGpu.Models;

/// <summary>Reads widths and depths of a dilated ResNet with a head from its keys.</summary>
internal static class ResNetReader
{
    public static ResNetArchitecture Read(NetworkKeys keys, NetworkSource source, SegmentationHead head)
    {
        var layout = ResNetLayout.Of(source);
        bool isDeep = layout.HasDeepStem && keys.Has($"{layout.StemNames(2, isDeep: true).Conv}.weight");
        string score = $"{layout.Keys.Score}.weight";
        return new ResNetArchitecture
        {
            Head = head,
            Layout = source,
            Classes = keys.OutChannels(score),
            Stem =
            [
                .. Enumerable.Range(0, isDeep ? 3 : 1)
                    .Select(layer => keys.OutChannels($"{layout.StemNames(layer, isDeep).Conv}.weight")),
            ],
            Planes = keys.Planes(layout.Backbone),
            Blocks = keys.Blocks(layout.Backbone),
            Bottlenecks = keys.Has($"{layout.Backbone}layer1.0.conv3.weight"),
            HeadChannels = keys.InChannels(score),
            Auxiliary = keys.Has($"{layout.Keys.Auxiliary}.weight"),
        };
    }
}
