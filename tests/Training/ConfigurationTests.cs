using SpGpu.Common.Tests;
using SpGpu.Data.Tests;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>Configuration files and command-line pairs.</summary>
public class ConfigurationTests
{
    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config")).Select(file => Path.GetFileName(file)!)];

    [Fact]
    public void Two_lines_are_enough()
    {
        TrainingConfiguration c = Reading.Read(Reading.Least);
        Assert.Equal(("here", 3, "folder", 480, 0.01, 120), (c.DataRoot, c.Classes, c.Dataset, c.TrainHeight, c.BaseRate, c.Epochs));
        Assert.Equal(16, c.BatchSize * c.Accumulation);
    }

    [Fact]
    public void Official_keys_are_understood()
    {
        (TrainingConfiguration c, IReadOnlyList<string> idle) = Reading.ReadAll("""
            DATA:
              data_root: dataset/ade20k
              train_list: lists/training.txt
              val_list:   lists/validation.txt
              classes: 150
            TRAIN:
              arch: spnet
              spm_on: True
              layers: 101
              dataset: ade20k
              backbone: resnet101
              sync_bn: True
              train_h: 473
              scale_min: 0.5
              rotate_min: -10
              zoom_factor: 8
              ignore_label: 255
              train_gpu: [0, 1, 2, 3]
              base_lr: 1e-2
              manual_seed:
              weight: None
            Distributed:
              use_apex: False
              opt_level: 'O0'
              keep_batchnorm_fp32:
            TEST:
              scales: [0.5, 1.0]
              has_prediction: False
            """);
        Assert.Equal(("resnet101", 473, 480, 0.01, null, 0), (c.Backbone, c.TrainHeight, c.TrainWidth, c.BaseRate, c.Weight, c.Seed));
        Assert.Equal(["layers", "zoom_factor", "train_gpu", "use_apex", "opt_level", "keep_batchnorm_fp32"], idle);
    }

    [Theory]
    [InlineData("TRAIN:\n  epoch: 3\n", "c.yaml', line 5: unknown key 'epoch'; did you mean 'epochs'?")]
    [InlineData("TRAIN:\n  florble_frob: 3\n", "unknown key 'florble_frob'; 'spgpu train --keys'")]
    [InlineData("TRIAN:\n  epochs: 3\n", "line 5: unknown section 'TRIAN'; did you mean 'TRAIN'?")]
    [InlineData("TRAIN:\n  classes: 3\n", "line 5: classes is given twice, first at")]
    [InlineData("TEST:\n  epochs: 3\n", "line 5: epochs stands in TEST and belongs to TRAIN")]
    [InlineData("TRAIN:\n  epochs: many\n", "line 5: epochs is 'many'; give a whole number from 1 to 1000000")]
    [InlineData("TRAIN:\n  epochs: 0\n", "line 5: epochs is '0'; give a whole number")]
    [InlineData("TRAIN:\n  epochs: 2.5\n", "line 5: epochs is '2.5'")]
    [InlineData("TRAIN:\n  epochs: [1, 2]\n", "line 5: epochs is [1, 2]")]
    [InlineData("TRAIN:\n  base_lr: -1\n", "line 5: base_lr is '-1'; give a number from")]
    [InlineData("TRAIN:\n  base_lr: nan\n", "line 5: base_lr is 'nan'")]
    [InlineData("TRAIN:\n  spm_on: maybe\n", "line 5: spm_on is 'maybe'; give true or false")]
    [InlineData("TRAIN:\n  dataset: ade\n", "line 5: dataset is 'ade'; give one of folder, ade20k, cityscapes")]
    [InlineData("TRAIN:\n  backbone: resnet5\n", "resnet50, resnet101, resnet152; did you mean 'resnet50'?")]
    [InlineData("TRAIN:\n  planes: [1, 2, 3]\n", "line 5: planes is [1, 2, 3]; give a list of 4 whole numbers")]
    [InlineData("TRAIN:\n  stem: 16\n", "line 5: stem is '16'; give a list of 1 or 3")]
    [InlineData("TRAIN:\n  ignore_label: 0\n", "ignore_label 0 is one of the classes 0 to 2; give a label from 3 to 255, or")]
    [InlineData("TRAIN:\n  ignore_label: 256\n", "line 5: ignore_label is '256'; give a whole number from 0 to 255")]
    [InlineData("TRAIN:\n  class_weights: [1, 2]\n", "class_weights has 2 numbers for 3 classes")]
    [InlineData("TRAIN:\n  class_weights: [1, 0, 2]\n", "line 5: class_weights is [1, 0, 2]; give a list of numbers above 0")]
    [InlineData("TRAIN:\n  class_weights: [1e-60, 1, 1]\n", "line 5: class_weights is [1e-60, 1, 1]; give a list of numbers above 0")]
    [InlineData("TRAIN:\n  class_weights: [1e60, 1, 1]\n", "line 5: class_weights is [1e60, 1, 1]; give a list of numbers above 0")]
    [InlineData("TRAIN:\n  momentum: 1\n", "line 5: momentum is '1'; give a number from 0 to 0.9999")]
    [InlineData("TRAIN:\n  optimizer: adamw\n", "line 5: optimizer is 'adamw'; give one of sgd, adam")]
    [InlineData("TRAIN:\n  betas: 0.9\n", "line 5: betas is '0.9'; give a list of 2 numbers from 0 to 0.99999, in brackets")]
    [InlineData("TRAIN:\n  betas: [0.9, 1]\n", "line 5: betas is [0.9, 1]; give a list of 2 numbers")]
    [InlineData("TRAIN:\n  eps: 0\n", "line 5: eps is '0'; give a number from 1E-30 to 1")]
    [InlineData("TRAIN:\n  warmup_steps: -1\n", "line 5: warmup_steps is '-1'; give a whole number, 0 or more")]
    [InlineData("TRAIN:\n  ema: 1\n", "line 5: ema is '1'; give a number from 0 to 0.99999")]
    [InlineData("TRAIN:\n  scale_max: 21\n", "line 5: scale_max is '21'; give a number from 0.01 to 20")]
    [InlineData("TRAIN:\n  ohem: true\n  ohem_thresh: 0\n  ohem_min_kept: 0\n", "leave no pixel to learn from")]
    [InlineData("TRAIN:\n  train_w: 16384\n  train_h: 16384\n", "train_w 16384 x train_h 16384 is above the limit of 100 megapixels")]
    [InlineData("TRAIN:\n  batch_size: 4096\n", "batch_size 4096 with crops of 480 x 480 and 3 classes")]
    [InlineData("TRAIN:\n  batch_size_val: 4096\n", "batch_size_val 4096 with crops of 480 x 480")]
    [InlineData("TRAIN:\n  weight: \"C:\\temp\\new.pth\"\n", "line 5: weight holds a control character (U+0009)")]
    [InlineData("TRAIN:\n  save_path: \"C:\\new\"\n", "line 5: save_path holds a control character (U+000A)")]
    [InlineData("TEST:\n  colors_path: \"C:\\Lists\\new\"\n", "line 5: colors_path holds a control character (U+2028)")]
    [InlineData("TRAIN:\n  weight: \"C:\\data\\new.pth\"\n",
        "found unknown escape character; close the quotes, and write a path in single ones, or with / in place of \\")]
    [InlineData("TRAIN:\n  weight: \"C:\\Users\\new.pth\"\n", "hexadecimal number; close the quotes, and write a path in single ones")]
    [InlineData("TRAIN:\n  scale_min: 3\n", "scale_min 3 is above scale_max 2")]
    [InlineData("TRAIN:\n  rotate_min: 30\n", "rotate_min 30 is above rotate_max 10")]
    [InlineData("TRAIN:\n  base_lr: {a: 1}\n", "line 5: base_lr is neither a word nor a list")]
    [InlineData("TRAIN:\n\tepochs: 3\n", "c.yaml', near line 4:")]
    [InlineData("TRAIN: 3\n", "line 4: 'TRAIN' has no keys")]
    [InlineData("---\nTRAIN:\n  epochs: 3\n", "line 4 ends the document, and more follows; write all of it as one")]
    [InlineData("...\n}}} [\n", "line 5")]
    [InlineData("TRAIN:\n  scale_min: &a 1.5\n  scale_max: *a\n",
        "line 6: scale_max refers to *a, and such references are not followed; write the value itself")]
    [InlineData("TRAIN:\n  <<: *a\n", "line 5: << refers to *a")]
    [InlineData("TRAIN:\n  epochs: \"3\n", "c.yaml', near line")]
    [InlineData("TRAIN:\n  weight: \"C:\\\"\n", "close the quotes")]
    public void A_mistake_is_one_line_that_says_where(string more, string message)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Reading.Read(Reading.Least + more));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("", "data_root is missing")]
    [InlineData("DATA:\n  data_root: here\n", "classes is missing")]
    [InlineData("DATA:\n  data_root: here\n  classes: 1\n",
        "classes is 1, and a network that knows one class has nothing to learn; give the rest")]
    [InlineData("- a\n- b\n", "there are no sections")]
    [InlineData("DATA:\n", "data_root is missing")]
    public void What_is_needed_is_asked_for(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Reading.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Pairs_win_over_the_file_and_later_ones_over_earlier_ones()
    {
        TrainingConfiguration c = Reading.Read(Reading.Least, "classes=7", "epochs=3", "epochs=4", "planes=[1, 2, 3, 4]", "weight=a=b.pth",
            "freeze_bn=true", "val_root=");
        Assert.Equal((7, 4, "a=b.pth", true, null), (c.Classes, c.Epochs, c.Weight, c.FreezeBatchNorm, c.ValRoot));
        Assert.Equal([1, 2, 3, 4], c.Planes!);
    }

    [Theory]
    [InlineData("/data/set #2")]
    [InlineData("!x y")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("None")]
    [InlineData("'quoted'")]
    [InlineData("\"C:\\temp\\new\"")]
    [InlineData(@"C:\temp\new")]
    [InlineData("[a, b]")]
    [InlineData("{a: b}")]
    [InlineData("a: b")]
    [InlineData("&a *b @c %d `e")]
    [InlineData(" a ")]
    [InlineData("- a")]
    [InlineData("|")]
    [InlineData("x=y")]
    public void A_text_of_the_command_line_is_taken_as_it_stands(string text)
    {
        string[] keys = ["data_root", "train_list", "val_root", "save_path", "weight", "resume", "colors_path"];
        TrainingConfiguration c = Reading.Read(Reading.Least, [.. keys.Select(key => $"{key}={text}"), $"test_list={text}"]);
        Assert.All([c.DataRoot, c.TrainList, c.ValRoot, c.SavePath, c.Weight, c.Resume, c.ColorsPath], value => Assert.Equal(text, value));
        TrainingConfiguration again = Reading.Read(ConfigurationWriter.Write(c));
        Assert.Equal((text, text), (again.DataRoot, again.ColorsPath));
    }

    [Theory]
    [InlineData("  reduce_zero_label: false\nTRAIN:\n  dataset: ade20k\n", "none")]
    [InlineData("  reduce_zero_label: true\nTRAIN:\n  dataset: ade20k\n", "reduce_zero_label")]
    [InlineData("  reduce_zero_label: false\nTRAIN:\n  dataset: cityscapes\n", null)]
    [InlineData("  label_transform: reduce_zero_label\n  reduce_zero_label: false\n", "none")]
    [InlineData("  label_transform: cityscapes\n  reduce_zero_label: false\n", "cityscapes")]
    [InlineData("TRAIN:\n  dataset: ade20k\n", null)]
    public void Labels_are_not_reduced_where_that_is_denied(string more, string? transform) =>
        Assert.Equal(transform, Reading.Read(Reading.Least + more).LabelTransform);

    [Fact]
    public void An_empty_value_of_the_command_line_gives_the_usual_one()
    {
        TrainingConfiguration c = Reading.Read(Reading.Least + "  val_root: there\nTRAIN:\n  epochs: 5\n  weight: a.pth\n", "val_root=",
            "epochs=", "weight=", "weight=b.pth");
        Assert.Equal((null, 120, "b.pth"), (c.ValRoot, c.Epochs, c.Weight));
    }

    [Theory]
    [InlineData("weight=a\tb", "weight holds a control character (U+0009); leave it out")]
    [InlineData("save_path=a\nb", "save_path holds a control character (U+000A); leave it out")]
    [InlineData("stem=8,8,16", "stem is '8,8,16'; give a list of 1 or 3 whole numbers from 1 to 65536, in brackets")]
    [InlineData("class_weights=1,2", "class_weights is '1,2'; give a list of numbers above 0, in brackets")]
    [InlineData("names=[a, b]", "names has 2 for 3 classes; give one for each class")]
    [InlineData("names=a", "names is 'a'; give a list of names, in brackets")]
    [InlineData("names=[a, '', c]", "names: the name of class 1 is empty")]
    [InlineData("colors=['000000']", "colors has 1 for 3 classes; give one for each class")]
    [InlineData("colors=[red, green, blue]", "colors is [red, green, blue]; give a list of colours of six hexadecimal digits")]
    [InlineData("epochs", "'epochs' is no setting; write KEY=VALUE")]
    [InlineData("=3", "'=3' is no setting")]
    [InlineData("epoch=3", "'epoch=3': unknown key 'epoch'; did you mean 'epochs'?")]
    [InlineData("epochs=x", "'epochs=x': epochs is 'x'")]
    [InlineData("planes=[1", "'planes=[1'")]
    [InlineData("stem=[4, 4, 8]]", "'stem=[4, 4, 8]]'")]
    [InlineData("epochs=3\n---\n4", "more follows")]
    public void Wrong_pairs_are_named(string pair, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Reading.Read(Reading.Least, pair)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void What_is_written_reads_as_the_same()
    {
        TrainingConfiguration c = Reading.Read(Reading.Least, "data_root=it's here", "base_lr=0.0123456789", "class_weights=[0.1, 2, 3.5]",
            "stem=[1,2,3]", "reduce_zero_label=true", "manual_seed=7",
            "names=[sky, 'it''s', Bäume]", "colors=['000000', 8040ff, '800000']", "class_iou=true",
            "optimizer=adam", "betas=[0.8, 0.99]", "eps=1e-7", "warmup_steps=500");
        string text = ConfigurationWriter.Write(c);
        TrainingConfiguration again = Reading.Read(text);
        Assert.Equal(text, ConfigurationWriter.Write(again));
        Assert.Equal(("it's here", 0.0123456789, "reduce_zero_label", 7),
            (again.DataRoot, again.BaseRate, again.LabelTransform, again.Seed));
        Assert.Equal(("adam", 1e-7, 500), (again.Optimizer, again.Epsilon, again.WarmupSteps));
        Assert.Equal([0.8, 0.99], again.Betas);
        Assert.Equal(c.ClassWeights!, again.ClassWeights!);
        Assert.Equal(["sky", "it's", "Bäume"], again.Names!);
        Assert.Equal([new(0, 0, 0), new(0x80, 0x40, 0xFF), new(0x80, 0, 0)], again.Colors!);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_files_read_without_idle_keys(string file) =>
        Assert.Empty(ConfigurationReader.Read(Path.Combine(AppContext.BaseDirectory, "config", file)).WithoutEffect);

    [Fact]
    public void What_never_ends_is_no_configuration()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs devices with a place in a folder");
        using var folder = new TemporaryFolder();
        string path = folder.File("zero");
        Assert.SkipUnless(OperatingSystem.IsLinux() && SpecialFile.TryMakeDevice(path, 1, 5), "needs the right to make devices");
        Assert.Contains("larger than 1 MiB", Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no such file", Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read("nowhere.yaml")).Message,
            StringComparison.Ordinal);
}
