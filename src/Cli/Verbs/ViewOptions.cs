using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Usage;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary>The options that say how a network looks at pictures.</summary>
internal sealed class ViewOptions
{
    private readonly Option<int> _longSide = Options.Number(
        "--long-side", "Reduce larger pictures to this many pixels for the network; 0 never", 0, new SegmentOptions().LongSide);

    private readonly Option<int> _window = Options.Number("--window", "Side of overlapping windows to look through; 0 for none", 0, 0);

    private readonly Option<bool> _flip = new("--flip") { Description = "Look at each picture mirrored too and average" };

    private readonly Option<double[]> _scales = new("--scales")
    {
        Description = "Look at each picture at these scales and average",
        HelpName = "N,N,..",
        DefaultValueFactory = _ => [1],
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            double[] scales = [.. text.Split(',').Select(part =>
                double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double scale) ? scale : 0)];
            if (scales.Contains(0))
                result.AddError($"--scales {text}: give numbers above 0 with commas between them, as in 0.5,1,1.5");
            return scales;
        },
    };

    private readonly Option<int> _baseSize = Options.Number(
        "--base-size", "The longer side at scale 1; 0 is the picture's own, at most --long-side", 0, 0);

    private readonly Option<string> _official = Options.Choice(
        "--official", "The official test: base size 512, windows of 480 (ade20k), or 2048, 768 (cityscapes), mirrored too",
        ["ade20k", "cityscapes"]);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_longSide, _window, _flip, _scales, _baseSize, _official])
            command.Options.Add(option);
    }

    /// <summary>What the command line asks for; single options win over <c>--official</c>.</summary>
    /// <exception cref="ConfigurationException">A number does not make sense.</exception>
    public SegmentOptions Of(ParseResult parsed)
    {
        SegmentOptions preset = parsed.GetValue(_official) switch
        {
            "ade20k" => SegmentOptions.OfficialAde20k,
            "cityscapes" => SegmentOptions.OfficialCityscapes,
            _ => new SegmentOptions(),
        };
        return new SegmentOptions
        {
            LongSide = Given(_longSide, preset.LongSide),
            Window = Given(_window, preset.Window),
            Flip = Given(_flip, preset.Flip),
            Scales = Given(_scales, [.. preset.Scales]),
            BaseSize = Given(_baseSize, preset.BaseSize),
        }.Checked();

        T Given<T>(Option<T> option, T otherwise) =>
            parsed.GetResult(option) is { Implicit: false } ? parsed.GetRequiredValue(option) : otherwise;
    }
}
