using CsCheck;
using SpGpu.Data.Datasets;

namespace SpGpu.Data.Tests.Datasets;

public class LabelTransformTests
{
    // trainId k is this labelId: the same fact as the table, stated from the other side.
    private static readonly byte[] _cityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    [Fact]
    public void Tables_are_those_of_the_specification()
    {
        for (int value = 0; value < 256; value++)
        {
            byte v = (byte)value;
            Assert.Equal(v, LabelTransform.None[v]);
            Assert.Equal(v is 0 or 255 ? 255 : v - 1, LabelTransform.ReduceZeroLabel[v]);
            int trainId = Array.IndexOf(_cityscapesIds, v);
            Assert.Equal(trainId >= 0 ? trainId : v <= 33 ? 255 : v, LabelTransform.Cityscapes[v]);
        }
    }

    [Fact]
    public void Apply_looks_every_pixel_up_and_keeps_the_file_values() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12])
            .SelectMany((w, h) => Gen.Byte[0, 150].Array[w * h].Select(values => new LabelMap(values, w, h))).Sample(map =>
        {
            byte[] before = [.. map.Labels];
            LabelMap labels = LabelTransform.ReduceZeroLabel.Apply(map, 150, "m");
            Assert.Equal((map.Width, map.Height), (labels.Width, labels.Height));
            Assert.Equal(before.Select(value => LabelTransform.ReduceZeroLabel[value]), labels.Labels);
            Assert.Equal(before, map.Labels);
        }, iter: 100);

    [Fact]
    public void Value_of_no_class_is_refused_with_its_likely_reason()
    {
        Refused(LabelTransform.None, 150, [0, 150, 150, 3], "'m.png'", "value 150 in 2 of 4 pixels,", "0 to 149", "reduce_zero_label");
        Refused(LabelTransform.None, 19, [7, 33, 20, 255], "value 20 in 1 of 4 pixels and 1 other value,", "cityscapes");
        Refused(LabelTransform.None, 2, [0, 128, 64, 128], "value 64", "class indices");
        Refused(LabelTransform.None, 21, [0, 254, 254, 254], "value 254 in 3 of 4", "give 254 as ignore_label", "255");
        Refused(LabelTransform.None, 11, [0, 11, 3, 3], "value 11 in 1 of 4", "if 11 means 'ignore', give it as ignore_label");
        Refused(LabelTransform.ReduceZeroLabel, 150, [0, 152, 153, 160], "value 152 (label 151 after reduce_zero_label)", "2 other values");
        Refused(LabelTransform.Cityscapes, 19, [7, 128, 0, 0], "value 128", "_labelIds.png");
    }

    [Fact]
    public void Every_label_up_to_the_last_class_and_255_pass()
    {
        var map = new LabelMap([0, 1, 255, 1], 2, 2);
        Assert.Equal(map.Labels, LabelTransform.None.Apply(map, 2, "m").Labels);
        Assert.Equal([255, 0, 255, 0], LabelTransform.ReduceZeroLabel.Apply(map, 1, "m").Labels);
    }

    [Fact]
    public void Another_label_is_ignored_as_255_is()
    {
        var map = new LabelMap([0, 11, 255, 10], 2, 2);
        Assert.Equal([0, 255, 255, 10], LabelTransform.None.Ignoring(11).Apply(map, 11, "m").Labels);
        // The label is that of the transform: 12 in the file.
        Assert.Equal([255, 10, 255, 255], LabelTransform.ReduceZeroLabel.Ignoring(11).Apply(new([0, 11, 255, 12], 2, 2), 11, "m").Labels);
        Assert.Same(LabelTransform.None, LabelTransform.None.Ignoring(255));
        Refused(LabelTransform.None.Ignoring(11), 19, [7, 33, 20, 255], "value 20 in 1 of 4 pixels", "cityscapes");
    }

    private static void Refused(LabelTransform transform, int classes, byte[] values, params string[] parts) =>
        Check.Throws<DatasetException>(() => transform.Apply(new LabelMap(values, 2, 2), classes, "m.png"), parts);
}
