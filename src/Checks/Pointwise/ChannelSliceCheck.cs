using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Some neighbouring channels of a tensor.</summary>
internal sealed class ChannelSliceCheck : Check<ChannelSlice>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new ChannelSlice(1, 2), new Shape(2, 4, 5, 7)),
        Tiny(new ChannelSlice(1, 2), new Shape(2, 4, 4, 8)),
        .. Planes.Select(plane => Small(new ChannelSlice(3, 5), Shape(2, 9, plane))),
        Small(new ChannelSlice(0, 4), new Shape(2, 4, 7, 9)),
        Small(new ChannelSlice(0, 1), new Shape(3, 67, 7, 9)),
        Small(new ChannelSlice(66, 1), new Shape(3, 67, 7, 9)),
        .. Placed(Small(new ChannelSlice(3, 2), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new ChannelSlice(1, 3), new Shape(2, 5, 7, 13))),
        Large(new ChannelSlice(256, 256), new Shape(2, 512, 29, 29)),
    ];

    protected override Element[] Reference(ChannelSlice slice, CaseData data) =>
        [(n, c, i, j) => data.Inputs[0][n, slice.First + c, i, j]];
}
