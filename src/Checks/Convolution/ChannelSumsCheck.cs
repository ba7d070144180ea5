using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Sums of channels, added to what there is: the gradient of a convolution by its bias.</summary>
internal sealed class ChannelSumsCheck : Check<ChannelSums>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new ChannelSums(), new Shape(2, 3, 5, 7)),
        Tiny(new ChannelSums(), new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Small(new ChannelSums(), Shape(2, 3, plane))),
        Small(new ChannelSums(), new Shape(3, 65, 8, 8)),
        Small(new ChannelSums(), new Shape(2, 2, 113, 113)),
        .. Placed(Small(new ChannelSums(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new ChannelSums(), new Shape(2, 5, 7, 13))),
        Large(new ChannelSums(), new Shape(2, 150, 29, 29)),
    ];

    protected override Element[] Reference(ChannelSums sums, CaseData data)
    {
        (Samples dy, Samples before) = (data.Inputs[0], data.Before[0]!);
        return [(_, c, _, _) => Total.OverChannel(dy.Shape, (n, i, j) => dy[n, c, i, j]) + before[0, c, 0, 0]];
    }
}
