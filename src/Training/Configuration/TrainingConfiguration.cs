using SpGpu.Data;
using SpGpu.Models;

namespace SpGpu.Training.Configuration;

/// <summary>
/// What is trained, on what, and how. Where nothing is said, values are those that the official code has for ADE20K,
/// but for the batch: 4 pictures at a time and the gradients of 4 batches averaged, which make the same 16 a step in a
/// quarter of the memory.
/// </summary>
public sealed record TrainingConfiguration
{
    /// <summary>
    /// A folder with images/ and labels/, one of pictures with FOLDERannot beside it, or a list; with
    /// <see cref="TrainList"/>, the folder that the paths of the lists start from.
    /// </summary>
    public string DataRoot { get; init; } = "";

    /// <summary>The list of training samples; null takes those of the folder.</summary>
    public string? TrainList { get; init; }

    /// <summary>The list of validation samples, relative to <see cref="DataRoot"/>.</summary>
    public string? ValList { get; init; }

    /// <summary>A folder or a list like <see cref="DataRoot"/> for validation.</summary>
    public string? ValRoot { get; init; }

    /// <summary>The number of classes, 2 to 255.</summary>
    public int Classes { get; init; }

    /// <summary>The names of the classes, which the weights keep; null where they have none.</summary>
    public ClassNames? Names { get; init; }

    /// <summary>The colours of the classes, which the weights keep; null goes by <see cref="ColorsPath"/>.</summary>
    public Palette? Colors { get; init; }

    /// <summary>none, reduce_zero_label or cityscapes; null goes by <see cref="Dataset"/>.</summary>
    public string? LabelTransform { get; init; }

    /// <summary>folder, ade20k or cityscapes.</summary>
    public string Dataset { get; init; } = "folder";

    /// <summary>The network: spnet, pspnet, fcn, deeplabv3, ddrnet or segnext.</summary>
    public string Arch { get; init; } = Recipe.SpNet;

    /// <summary>
    /// The network that the weights or the checkpoint are of, if it is of <see cref="Arch"/>: it decides widths and depths.
    /// </summary>
    internal SegmentationArchitecture? StartingNetwork { get; init; }

    /// <summary>
    /// resnet50, resnet101 or resnet152, and but for SPNet resnet18 or resnet34: the depths and widths that are not given by
    /// themselves.
    /// </summary>
    public string Backbone { get; init; } = "resnet50";

    /// <summary>Whether the backbone has strip pooling modules, where the published networks have them.</summary>
    public bool StripPooling { get; init; } = true;

    /// <summary>Channels of the stem's convolutions, three or (not in SPNet) one; null as the backbone has them.</summary>
    public IReadOnlyList<int>? Stem { get; init; }

    /// <summary>Planes of the four stages; null as the backbone has them.</summary>
    public IReadOnlyList<int>? Planes { get; init; }

    /// <summary>Blocks of the four stages; null as the backbone has them.</summary>
    public IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>Sides of the two pooled grids of the head.</summary>
    public IReadOnlyList<int> Pools { get; init; } = [20, 12];

    /// <summary>Whether the head sees the first stage, at a stride of 4.</summary>
    public bool Skip { get; init; }

    /// <summary>Height of the crops in pixels.</summary>
    public int TrainHeight { get; init; } = 480;

    /// <summary>Width of the crops in pixels.</summary>
    public int TrainWidth { get; init; } = 480;

    /// <summary>The smallest factor of random scaling.</summary>
    public double ScaleMin { get; init; } = 0.5;

    /// <summary>The largest factor of random scaling.</summary>
    public double ScaleMax { get; init; } = 2;

    /// <summary>The smallest angle of random rotation in degrees.</summary>
    public double RotateMin { get; init; } = -10;

    /// <summary>The largest angle of random rotation in degrees.</summary>
    public double RotateMax { get; init; } = 10;

    /// <summary>Whether every other picture is blurred.</summary>
    public bool Blur { get; init; } = true;

    /// <summary>How far brightness, contrast and saturation are drawn from 1, each by itself; 0 leaves colours as they are.</summary>
    public double ColorJitter { get; init; }

    /// <summary>The label of pixels that do not count, <see cref="Classes"/> to 255; 255 never counts.</summary>
    public int IgnoreLabel { get; init; } = 255;

    /// <summary>The share of the auxiliary head's loss; 0 leaves that head out.</summary>
    public double AuxWeight { get; init; } = 0.4;

    /// <summary>Threads that read pictures.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>Pictures that go through the network at once.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>The same for validation.</summary>
    public int BatchSizeVal { get; init; } = 1;

    /// <summary>Batches whose gradients are averaged before the weights change.</summary>
    public int Accumulation { get; init; } = 4;

    /// <summary>The learning rate of the backbone at the start; that of the heads is <see cref="HeadRateFactor"/> times as high.</summary>
    public double BaseRate { get; init; } = 0.01;

    /// <summary>How often every picture is seen.</summary>
    public int Epochs { get; init; } = 120;

    /// <summary>The exponent of the schedule.</summary>
    public double Power { get; init; } = 0.9;

    /// <summary>
    /// How many times as fast as the backbone the heads learn: the published 10 suits a backbone that has learned
    /// already, 1 one that starts anew.
    /// </summary>
    public double HeadRateFactor { get; init; } = 10;

    /// <summary>Steps at the start in which the rate rises to <see cref="BaseRate"/>; the schedule follows.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>sgd or adam.</summary>
    public string Optimizer { get; init; } = "sgd";

    /// <summary>What a step of Adam leaves of its two moments.</summary>
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.999];

    /// <summary>What keeps Adam's quotient finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight decay, of all parameters.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// What a step leaves of the average of the weights, which is what is validated and written as the network; 0 keeps none.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Decides initial weights, order, augmentation and dropout.</summary>
    public int Seed { get; init; }

    /// <summary>Whether only the hardest pixels count (online hard example mining).</summary>
    public bool Ohem { get; init; }

    /// <summary>The largest probability of a pixel's own class that still counts as hard.</summary>
    public double OhemThreshold { get; init; } = 0.7;

    /// <summary>The pixels of a batch that count at least.</summary>
    public int OhemMinKept { get; init; } = 100_000;

    /// <summary>A factor for the pixels of each class; null weighs all alike.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>
    /// Whether each class gets the factor 1 / ln(1.10 + p), p its share of the labelled pixels of the training labels; a
    /// run puts them in the place of <see cref="ClassWeights"/> when it starts.
    /// </summary>
    public bool BalancedClasses { get; init; }

    /// <summary>Whether batch norms keep their running statistics, for fine-tuning in small batches.</summary>
    public bool FreezeBatchNorm { get; init; }

    /// <summary>Whether batch norms take their statistics over the batches of all processes; one process has all of a batch.</summary>
    public bool SyncBatchNorm { get; init; } = true;

    /// <summary>Whether activations are computed twice to save memory.</summary>
    public bool Recompute { get; init; }

    /// <summary>Whether the lines of an epoch have the IoU of each class.</summary>
    public bool ClassScores { get; init; }

    /// <summary>Steps between two lines of progress.</summary>
    public int PrintFrequency { get; init; } = 10;

    /// <summary>Epochs between two checkpoints.</summary>
    public int SaveFrequency { get; init; } = 1;

    /// <summary>Steps between two checkpoints within an epoch; 0 writes none there.</summary>
    public int SaveSteps { get; init; } = 200;

    /// <summary>The run folder; null makes one of the configuration's name.</summary>
    public string? SavePath { get; init; }

    /// <summary>Weights to start from: a whole network or a backbone.</summary>
    public string? Weight { get; init; }

    /// <summary>The checkpoint to go on from, or auto.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether validation samples, where there are some, are looked at after every epoch.</summary>
    public bool Evaluate { get; init; } = true;

    /// <summary>A file with <see cref="Colors"/>; null goes by the number of classes.</summary>
    public string? ColorsPath { get; init; }
}
