using System.Runtime.InteropServices;
using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>The check finds faults that are planted into sound operators.</summary>
public class OperatorCheckTests(DeviceFixture fixture)
{
    private static readonly OperatorCase _convolution = new(new Convolution(2, 3, 3, 1, 1, 1), [new(2, 2, 4, 5)], CaseSize.Tiny)
    {
        InputPlacement = Placement.Slice,
        OutputPlacement = Placement.Slice,
    };

    private static readonly OperatorCase _labels = new(new ArgMaxUpsampled((5, 7)), [new(1, 4, 3, 4)], CaseSize.Tiny)
    {
        Content = Content.Ties,
    };

    private static readonly OperatorCase _window = new(new AccumulateProbabilities((4, 5), (6, 7)), [new(1, 3, 3, 3)], CaseSize.Tiny)
    {
        Origin = (1, 1),
    };

    private static readonly OperatorCase _hard = new(new HardExamples(0.2f, 0), [new(2, 5, 3, 4), new(2, 1, 5, 7), new(2, 1, 5, 7)],
        CaseSize.Tiny);

    private static readonly OperatorCase _sums = new(new ChannelSums(), [new(2, 3, 5, 7)], CaseSize.Tiny);

    [Fact]
    public void A_sound_operator_passes()
    {
        using var device = new FaultyDevice(fixture.Device, (_, _, _) => { });
        foreach (OperatorCase @case in new[] { _convolution, _labels, _window, _hard, _sums })
            Assert.Null(Check(device, @case).Message);
    }

    [Fact]
    public void A_dropped_tap_is_found_in_every_convolution()
    {
        foreach (OperatorCase @case in OperatorCases.UpTo(DeviceFixture.Most))
        {
            // A relu may hide it where the planes are tiny.
            if (@case.Specification is Convolution convolution && @case.Outputs[0].Plane >= 15)
                AssertWeightsFault(@case, (weight, _) => DropTap(convolution, weight));
        }
    }

    [Fact]
    public void A_slightly_wrong_bias_is_found() => AssertWeightsFault(_convolution, (_, bias) => bias[1] += 1e-5f);

    [Theory]
    [InlineData(-1)] // before the tensor
    [InlineData(3 * 20)] // between its two images
    [InlineData(8 * 20 + 3 * 20)] // after it
    public void A_write_outside_of_the_output_is_found(int element) =>
        AssertFault(_convolution, (_, outputs, _) => Write(outputs[0], element, 1f), "wrote outside of output 0");

    [Fact]
    public void A_write_to_the_map_beside_the_window_is_found() =>
        AssertFault(_window, (_, outputs, _) => Write(outputs[0], 5, 1f), "wrote outside of output 0");

    [Fact]
    public void A_changed_input_is_found() =>
        AssertFault(_convolution, (inputs, _, _) => Write(inputs[0], 7, 0f), "changed input 0");

    [Fact]
    public void Other_bits_in_the_second_run_are_found() => AssertFault(_convolution, (_, outputs, run) =>
    {
        if (run == 1)
            Write(outputs[0], 7, MathF.BitIncrement(Read(outputs[0], 7)));
    }, "differs between two runs");

    [Fact]
    public void An_element_that_is_not_written_is_found() => // it keeps what the memory was filled with
        AssertFault(_convolution, (_, outputs, run) => Write(outputs[0], 7, run == 0 ? float.NaN : 1e30f), "is not written");

    [Fact]
    public void NaN_where_a_number_belongs_is_found() =>
        AssertFault(_convolution, (_, outputs, _) => Write(outputs[0], 7, float.NaN), "is NaN, should be");

    [Fact]
    public void The_second_of_two_equal_classes_is_found() => AssertFault(_labels, (_, outputs, _) =>
    {
        // The cases with ties repeat every even channel, so that label + 1 is just as large and yet wrong.
        byte[] labels = new byte[outputs[0].Shape.Count];
        outputs[0].Download<byte>(labels);
        labels[3]++;
        outputs[0].Upload<byte>(labels);
    }, "should be");

    [Fact]
    public void Hard_and_easy_pixels_that_change_places_are_found() => AssertFault(_hard, (inputs, outputs, _) =>
    {
        byte[] labels = new byte[outputs[0].Shape.Count];
        inputs[1].Download<byte>(labels);
        byte[] kept = new byte[labels.Length];
        outputs[0].Download<byte>(kept);
        outputs[0].Upload<byte>([.. kept.Zip(labels, (one, label) => one == label ? (byte)255 : label)]);
    }, "should be");

    [Fact]
    public void A_gradient_that_replaces_what_there_was_is_found()
    {
        float before = (float)new CaseData(_sums).Before[0]!.Values[1];
        AssertFault(_sums, (_, outputs, _) => Write(outputs[0], 1, Read(outputs[0], 1) - before), "should be");
    }

    /// <summary>Drops the middle tap of the last input channel: no padding hides all that it does.</summary>
    private static void DropTap(Convolution convolution, float[] weight)
    {
        int taps = convolution.Kernel.Height * convolution.Kernel.Width;
        int channels = convolution.GroupChannels;
        for (int tap = taps / 2 + (channels - 1) * taps; tap < weight.Length; tap += channels * taps)
            weight[tap] = 0;
    }

    private void AssertWeightsFault(OperatorCase @case, Action<float[], float[]> weights)
    {
        using var device = new FaultyDevice(fixture.Device, (_, _, _) => { }) { Weights = weights };
        CheckResult result = Check(device, @case);
        Assert.False(result.Passed, @case.Name);
        Assert.Contains("should be", result.Message, StringComparison.Ordinal);
    }

    private void AssertFault(OperatorCase @case, FaultyDevice.Fault fault, string message)
    {
        using var device = new FaultyDevice(fixture.Device, fault);
        CheckResult result = Check(device, @case);
        Assert.False(result.Passed);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
    }

    /// <summary>The faulty device has a gate of its own, but works on the device of the other tests.</summary>
    private CheckResult Check(FaultyDevice device, OperatorCase @case)
    {
        lock (fixture.Device.Lock)
            return OperatorCheck.Run(device, @case);
    }

    private static float Read(Tensor tensor, int element)
    {
        float value = 0;
        tensor.Memory.Download(MemoryMarshal.AsBytes(new Span<float>(ref value)), 4L * (tensor.Offset + element));
        return value;
    }

    private static void Write(Tensor tensor, int element, float value) =>
        tensor.Memory.Upload(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(ref value)), 4L * (tensor.Offset + element));
}
