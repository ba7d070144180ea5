using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>Command lines that are wrong, and the help.</summary>
public class UsageTests
{
    public static TheoryData<string> Verbs =>
    [
        "segment", "forward", "info", "convert", "export", "devices", "selftest", "profile", "demo", "train", "eval", "dataset", "synth",
        "models", "pull",
    ];

    [Theory]
    [InlineData("segmnt a.jpg --weights x", "unknown verb 'segmnt'; did you mean 'segment'?")]
    [InlineData("profle --random", "unknown verb 'profle'; did you mean 'profile'?")]
    [InlineData("learn", "unknown verb 'learn'")]
    [InlineData("", "no verb; give one of segment, forward, info")]
    [InlineData("--wat", "unknown option '--wat'")]
    [InlineData("segment a.jpg --wieghts x", "unknown option '--wieghts'; did you mean '--weights'?")]
    [InlineData("devices --verbos", "unknown option '--verbos'; did you mean '--verbose'?")]
    [InlineData("segment a.jpg", "Option '--weights' is required")]
    [InlineData("segment --weights x", "IMAGE|FOLDER|LIST")]
    [InlineData("segment a.jpg --weights", "Required argument missing for option: '--weights'")]
    [InlineData("segment a.jpg --weights x --device cpu --device cpu", "'--device'")]
    [InlineData("segment a.jpg --weights x --window two", "--window two: give a whole number, 0 or more")]
    [InlineData("segment a.jpg --weights x --long-side -1", "--long-side -1: give a whole number, 0 or more")]
    [InlineData("profile --random --runs 0", "--runs 0: give a whole number, 1 or more")]
    [InlineData("profile --random --size 480", "--size 480: give width and height, as in 640x480")]
    [InlineData("profile --random --size 0x480", "--size 0x480")]
    [InlineData("profile --random --arch spnet18", "--arch spnet18: give spnet50, spnet101, spnet152, ")]
    [InlineData("segment a.jpg --weights x --scales 1,,2", "--scales 1,,2: give numbers above 0 with commas between them")]
    [InlineData("segment a.jpg --weights x --official voc", "--official voc: give ade20k or cityscapes")]
    [InlineData("eval --weights x --labels citiscapes",
        "--labels citiscapes: give identity, ade20k or cityscapes; did you mean 'cityscapes'?")]
    [InlineData("synth --out o --split foo", "--split foo: give train, validation or test")]
    [InlineData("synth --out o --split Test", "--split Test: give train, validation or test; did you mean 'test'?")]
    [InlineData("segment a.jpg --weights x --no-winograd", "unknown option '--no-winograd'")]
    [InlineData("dataset", "no verb; give one of check")]
    [InlineData("dataset chek d", "unknown verb 'chek'; did you mean 'check'?")]
    [InlineData("convert a b c", "one argument too many: 'c'")]
    public void A_wrong_command_line_is_one_line_and_a_hint(string line, string message)
    {
        Spgpu run = Spgpu.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Fails(2, message);
        Assert.StartsWith("see 'spgpu", run.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_fits_a_screen_of_any_width(string verb) =>
        Assert.All([1, 19, 20, 33, 500], columns => Assert.Contains("Exit codes:", Spgpu.OnScreen(columns, verb, "--help").Done().Lines));

    [Fact]
    public void A_message_is_one_line_of_the_trace_too()
    {
        Spgpu run = Spgpu.Run("info", "no such\nspgpu: done", "--verbose");
        Assert.Single(run.ErrorLines, line => line.StartsWith("spgpu: ", StringComparison.Ordinal));
        // On Windows no name has a line end.
        string cause = OperatingSystem.IsWindows() ? nameof(IOException) : nameof(FileNotFoundException);
        Assert.Contains(run.ErrorLines, line => line.StartsWith($"due to System.IO.{cause}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--weights", "segment|a.jpg|--weights|")]
    [InlineData("--out", "synth|--out|")]
    [InlineData("FILE", "info|")]
    [InlineData("OUT", "convert|a.pth|")]
    [InlineData("KEY=VALUE", "train|c.yaml|")]
    [InlineData("--onnx", "export|--random|--onnx|")]
    public void An_empty_value_is_named(string name, string line) =>
        Spgpu.Run(line.Split('|')).Fails(2, $"{name} is empty; give it a value or leave it out");

    [Theory]
    [InlineData("profile --random --weights w.pth",
        "--weights 'w.pth' and --random are two networks; give either --weights FILE or --random")]
    [InlineData("export --onnx o --random --weights w.pth",
        "--weights 'w.pth' and --random are two networks; give either --weights FILE or --random")]
    [InlineData("profile --weights w.pth --arch spnet101", "--arch belongs to --random; leave it out, the weights tell it")]
    [InlineData("export --onnx o --weights w.pth --classes 3", "--classes belongs to --random; leave it out, the weights tell it")]
    public void Options_that_contradict_each_other_are_named(string line, string message) => Spgpu.Run(line.Split(' ')).Fails(2, message);

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_shows_what_can_be_typed(string verb)
    {
        string help = Spgpu.Run(verb, "--help").Done().Out;
        Assert.DoesNotMatch("SpGpu|System\\.|<[^>]*[A-Z][a-z]{2}", help);
        Assert.DoesNotMatch("(?m) $", help);
        Assert.Equal(verb is "profile" or "forward" or "selftest", help.Contains("--no-winograd", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_of_a_verb_fits_80_columns_and_has_an_example(string verb)
    {
        Spgpu run = Spgpu.Run(verb, "--help").Done();
        Assert.DoesNotContain(run.Lines, line => line.TrimEnd().Length > 80);
        // What an option takes is whole in its line, not broken within a word.
        Assert.DoesNotContain(run.Lines,
            line => line.StartsWith("  <", StringComparison.Ordinal) && !line.Contains('>', StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.StartsWith($"  spgpu {verb}", StringComparison.Ordinal));
        Assert.Contains("4 device or memory", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("convert")]
    [InlineData("split")]
    public void Help_of_a_verb_of_a_verb_fits_too(string verb)
    {
        Spgpu run = Spgpu.Run("dataset", verb, "--help").Done();
        Assert.DoesNotContain(run.Lines, line => line.TrimEnd().Length > 80);
        Assert.Contains(run.Lines, line => line.StartsWith($"  spgpu dataset {verb}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("segment")]
    [InlineData("forward")]
    [InlineData("eval")]
    [InlineData("info")]
    [InlineData("export")]
    public void Help_names_every_format_of_weights(string verb)
    {
        string help = Spgpu.Run(verb, "--help").Done().Out;
        Assert.All([".safetensors", ".pth", ".onnx"], format => Assert.Contains(format, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_lists_every_verb()
    {
        Spgpu run = Spgpu.Run("--help").Done();
        Assert.All(Verbs, verb => Assert.Contains(run.Lines, line => line.StartsWith($"  {verb.Data} ", StringComparison.Ordinal)));
        Assert.DoesNotContain(run.Lines, line => line.TrimEnd().Length > 80);
    }

    [Fact]
    public void Help_wins_over_mistakes() => Spgpu.Run("segment", "--wat", "--help").Done();

    [Fact]
    public void Version_is_a_line() => Assert.Matches(@"^spgpu \d+\.\d+\.\d+\S*\n$", Spgpu.Run("--version").Done().Out);

    [Fact]
    public void What_follows_two_dashes_is_no_option() =>
        Spgpu.Run("info", "--", "--no-such-file").Fails(3, "--no-such-file");

    [Fact]
    public void Verbose_adds_the_stack()
    {
        Spgpu run = Spgpu.Run("info", "no-such-file", "--verbose");
        Assert.Equal(3, run.Code);
        Assert.Contains("   at SpGpu.", run.Error, StringComparison.Ordinal);
    }
}
