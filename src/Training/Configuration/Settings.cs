using static SpGpu.Training.Configuration.Setting;

namespace SpGpu.Training.Configuration;

/// <summary>
/// Every key that configuration files may have: those of the official files under their names, and some of our own.
/// </summary>
internal static class Settings
{
    /// <summary>The names of the sections.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["DATA", "TRAIN", "Distributed", "TEST"];

    /// <summary>The keys that mean something for training.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Text("DATA", "data_root", c => c.DataRoot, (c, v) => c with { DataRoot = v }) with { DecidesResult = false },
        Text("DATA", "train_list", c => c.TrainList, (c, v) => c with { TrainList = v }) with { DecidesResult = false },
        Text("DATA", "val_list", c => c.ValList, (c, v) => c with { ValList = v }) with { DecidesResult = false },
        Text("DATA", "val_root", c => c.ValRoot, (c, v) => c with { ValRoot = v }) with { DecidesResult = false },
        Whole("DATA", "classes", 1, 255, c => c.Classes, (c, v) => c with { Classes = v }),
        new("DATA", "names", (c, value) => c with { Names = value.Names() },
            c => c.Names is { } names ? $"[{string.Join(", ", names.Select(Quote))}]" : null) { DecidesResult = false },
        new("DATA", "colors", (c, value) => c with { Colors = value.Colours() },
            c => c.Colors is { } colors ? $"[{string.Join(", ", colors.Select(colour => Quote(colour.ToHex())))}]" : null)
        {
            DecidesResult = false,
        },
        OneOf("DATA", "label_transform", ["none", "reduce_zero_label", "cityscapes"], c => c.LabelTransform,
            (c, v) => c with { LabelTransform = v }),
        // Another way to write label_transform: reduce_zero_label, so it has nothing of its own to show.
        new("DATA", "reduce_zero_label", (c, value) => value.Flag() ? c with { LabelTransform = "reduce_zero_label" }
            : c.LabelTransform == "reduce_zero_label" ? c with { LabelTransform = "none" } : c, _ => null),

        OneOf("TRAIN", "dataset", ["folder", "ade20k", "cityscapes"], c => c.Dataset, (c, v) => c with { Dataset = v }),
        OneOf("TRAIN", "arch", Recipe.Networks, c => c.Arch, (c, v) => c with { Arch = v }) with { DecidesPlace = true },
        OneOf("TRAIN", "backbone", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"], c => c.Backbone,
            (c, v) => c with { Backbone = v }),
        Flag("TRAIN", "spm_on", c => c.StripPooling, (c, v) => c with { StripPooling = v }),
        Wholes("TRAIN", "stem", [1, 3], 1, 65536, c => c.Stem, (c, v) => c with { Stem = v }),
        Wholes("TRAIN", "planes", [4], 1, 65536, c => c.Planes, (c, v) => c with { Planes = v }),
        Wholes("TRAIN", "blocks", [4], 1, 1000, c => c.Blocks, (c, v) => c with { Blocks = v }),
        Wholes("TRAIN", "pools", [2], 1, 1000, c => c.Pools, (c, v) => c with { Pools = v }),
        Flag("TRAIN", "skip", c => c.Skip, (c, v) => c with { Skip = v }),
        Whole("TRAIN", "train_h", 16, 16384, c => c.TrainHeight, (c, v) => c with { TrainHeight = v }),
        Whole("TRAIN", "train_w", 16, 16384, c => c.TrainWidth, (c, v) => c with { TrainWidth = v }),
        // Times the longest side that a picture can have this is still a whole number: no draw is too large.
        Real("TRAIN", "scale_min", 0.01, 20, c => c.ScaleMin, (c, v) => c with { ScaleMin = v }),
        Real("TRAIN", "scale_max", 0.01, 20, c => c.ScaleMax, (c, v) => c with { ScaleMax = v }),
        Real("TRAIN", "rotate_min", -180, 180, c => c.RotateMin, (c, v) => c with { RotateMin = v }),
        Real("TRAIN", "rotate_max", -180, 180, c => c.RotateMax, (c, v) => c with { RotateMax = v }),
        Flag("TRAIN", "blur", c => c.Blur, (c, v) => c with { Blur = v }),
        Real("TRAIN", "color_jitter", 0, 0.9, c => c.ColorJitter, (c, v) => c with { ColorJitter = v }),
        Whole("TRAIN", "ignore_label", 0, 255, c => c.IgnoreLabel, (c, v) => c with { IgnoreLabel = v }),
        Real("TRAIN", "aux_weight", 0, 10, c => c.AuxWeight, (c, v) => c with { AuxWeight = v }),
        Whole("TRAIN", "workers", 1, 256, c => c.Workers, (c, v) => c with { Workers = v }) with { DecidesResult = false },
        Whole("TRAIN", "batch_size", 1, 4096, c => c.BatchSize, (c, v) => c with { BatchSize = v }) with { DecidesPlace = true },
        Whole("TRAIN", "batch_size_val", 1, 4096, c => c.BatchSizeVal, (c, v) => c with { BatchSizeVal = v }) with
        {
            DecidesResult = false,
        },
        Whole("TRAIN", "accumulation", 1, 4096, c => c.Accumulation, (c, v) => c with { Accumulation = v }) with { DecidesPlace = true },
        Real("TRAIN", "base_lr", 1e-12, 100, c => c.BaseRate, (c, v) => c with { BaseRate = v }),
        Real("TRAIN", "head_lr_factor", 1e-6, 1e6, c => c.HeadRateFactor, (c, v) => c with { HeadRateFactor = v }),
        Whole("TRAIN", "epochs", 1, 1_000_000, c => c.Epochs, (c, v) => c with { Epochs = v }),
        Real("TRAIN", "power", 0, 10, c => c.Power, (c, v) => c with { Power = v }),
        Whole("TRAIN", "warmup_steps", 0, int.MaxValue, c => c.WarmupSteps, (c, v) => c with { WarmupSteps = v }),
        OneOf("TRAIN", "optimizer", ["sgd", "adam"], c => c.Optimizer, (c, v) => c with { Optimizer = v }) with { DecidesPlace = true },
        Reals("TRAIN", "betas", 2, 0, 0.99999, c => c.Betas, (c, v) => c with { Betas = v }),
        Real("TRAIN", "eps", 1e-30, 1, c => c.Epsilon, (c, v) => c with { Epsilon = v }),
        // With 1 no gradient is ever forgotten, and the weights run away.
        Real("TRAIN", "momentum", 0, 0.9999, c => c.Momentum, (c, v) => c with { Momentum = v }),
        Real("TRAIN", "weight_decay", 0, 1, c => c.WeightDecay, (c, v) => c with { WeightDecay = v }),
        Real("TRAIN", "ema", 0, 0.99999, c => c.AverageDecay, (c, v) => c with { AverageDecay = v }),
        Whole("TRAIN", "manual_seed", 0, int.MaxValue, c => c.Seed, (c, v) => c with { Seed = v }) with { DecidesPlace = true },
        Flag("TRAIN", "ohem", c => c.Ohem, (c, v) => c with { Ohem = v }),
        Real("TRAIN", "ohem_thresh", 0, 1, c => c.OhemThreshold, (c, v) => c with { OhemThreshold = v }),
        Whole("TRAIN", "ohem_min_kept", 0, int.MaxValue, c => c.OhemMinKept, (c, v) => c with { OhemMinKept = v }),
        new("TRAIN", "class_weights", (c, value) => value is { IsList: false, Words: ["auto"] }
                ? c with { ClassWeights = null, BalancedClasses = true }
                : c with { ClassWeights = value.PositiveReals(), BalancedClasses = false },
            c => c.ClassWeights is { } list ? $"[{string.Join(", ", list.Select(weight => Write(weight)))}]"
                : c.BalancedClasses ? "auto" : null),
        Flag("TRAIN", "freeze_bn", c => c.FreezeBatchNorm, (c, v) => c with { FreezeBatchNorm = v }),
        Flag("TRAIN", "sync_bn", c => c.SyncBatchNorm, (c, v) => c with { SyncBatchNorm = v }),
        Flag("TRAIN", "recompute", c => c.Recompute, (c, v) => c with { Recompute = v }) with { DecidesResult = false },
        Flag("TRAIN", "class_iou", c => c.ClassScores, (c, v) => c with { ClassScores = v }) with { DecidesResult = false },
        Whole("TRAIN", "print_freq", 1, int.MaxValue, c => c.PrintFrequency, (c, v) => c with { PrintFrequency = v }) with
        {
            DecidesResult = false,
        },
        Whole("TRAIN", "save_freq", 1, int.MaxValue, c => c.SaveFrequency, (c, v) => c with { SaveFrequency = v }) with
        {
            DecidesResult = false,
        },
        Whole("TRAIN", "save_steps", 0, int.MaxValue, c => c.SaveSteps, (c, v) => c with { SaveSteps = v }) with { DecidesResult = false },
        Text("TRAIN", "save_path", c => c.SavePath, (c, v) => c with { SavePath = v }) with { DecidesResult = false },
        Text("TRAIN", "weight", c => c.Weight, (c, v) => c with { Weight = v }) with { DecidesResult = false },
        Text("TRAIN", "resume", c => c.Resume, (c, v) => c with { Resume = v }) with { DecidesResult = false },
        Flag("TRAIN", "evaluate", c => c.Evaluate, (c, v) => c with { Evaluate = v }) with { DecidesResult = false },

        Text("TEST", "colors_path", c => c.ColorsPath, (c, v) => c with { ColorsPath = v }) with { DecidesResult = false },
    ];

    /// <summary>Official keys about what does not exist here; they are accepted and said to have no effect.</summary>
    public static IReadOnlyDictionary<string, string> WithoutEffect { get; } = new[]
    {
        ("TRAIN", "layers zoom_factor train_gpu start_epoch"),
        ("Distributed",
            "dist_url dist_backend multiprocessing_distributed world_size rank use_apex opt_level keep_batchnorm_fp32 loss_scale"),
    }.SelectMany(section => section.Item2.Split(' ').Select(key => (key, section.Item1))).ToDictionary();

    /// <summary>Official keys about testing: right where they stand, and not for training.</summary>
    public static IReadOnlyDictionary<string, string> ForTesting { get; } =
        "test_list split base_size test_h test_w scales has_prediction index_start index_step test_gpu model_path save_folder names_path"
            .Split(' ').ToDictionary(key => key, _ => "TEST");

    /// <summary>The section of each known key.</summary>
    public static IReadOnlyDictionary<string, string> SectionOf { get; } =
        All.Select(setting => KeyValuePair.Create(setting.Key, setting.Section)).Concat(WithoutEffect).Concat(ForTesting).ToDictionary();
}
