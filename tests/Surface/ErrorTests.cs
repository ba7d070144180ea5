using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Surface.Tests;

/// <summary>An error is an exception by its cause, of one family.</summary>
public sealed class ErrorTests
{
    private static readonly (Type Type, Action Mistake)[] _mistakes =
    [
        (typeof(DeviceException), () => Device.Open("abacus")),
        (typeof(ShapeException), () => new StripMeans().Infer([new Shape(1, 0, 2, 3)])),
        (typeof(WeightsException), () => WeightsFile.Open("no such file")),
        (typeof(ImageException), () => RgbImage.Read("no such file")),
        (typeof(DatasetException), () => new SegmentationDataset([], 2, LabelTransform.None)),
        (typeof(ConfigurationException), () => SpNetGraph.Build(SpNetArchitecture.SpNet50(150) with { Planes = [] })),
        (typeof(OutputException), () => SafeTensors.Write("no such folder/file", new StateDict())),
    ];

    public static TheoryData<int> Mistakes => [.. Enumerable.Range(0, _mistakes.Length)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_has_an_exception_by_its_cause(int index)
    {
        SpGpuException error = Assert.ThrowsAny<SpGpuException>(_mistakes[index].Mistake);
        Assert.IsType(_mistakes[index].Type, error);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Colours_of_another_training_are_refused_unless_they_are_three() =>
        Assert.Throws<ArgumentException>(() => new ColourStatistics([0, 0], [1, 1]));

    [Fact]
    public void Too_little_memory_is_told_from_a_device_that_failed()
    {
        DeviceException error = new DeviceMemoryException("no 3 GB of memory left; 640 x 480 (height x width) would fit");
        Assert.True(error is DeviceMemoryException);
        Assert.IsNotType<DeviceMemoryException>(Assert.ThrowsAny<DeviceException>(() => Device.Open("abacus")));
    }

    [Fact]
    public void Training_that_goes_wrong_is_told_from_all_else()
    {
        var error = new TrainingException("the loss is no number", new OverflowException());
        Assert.IsAssignableFrom<SpGpuException>(error);
        Assert.IsType<OverflowException>(error.InnerException);
    }
}
