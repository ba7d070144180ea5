using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using SpGpu.Cli.Output;
using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Tests;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>Names and contents of files that would steer a terminal: every verb shows them, none obeys.</summary>
public sealed class ForeignTextTests : IDisposable
{
    /// <summary>Colours and erases, turns the direction of writing, and is half a pair.</summary>
    private const string Hostile = "x\e[31m\e]0;title\a\u009b2J\u202e\u2066\u200f\ufeff\u0085\u2028\ud83d\v";

    /// <summary>The same as far as the name of a file can be that.</summary>
    private static readonly string _name = OperatingSystem.IsWindows()
        ? "x\u009b2J\u202e\u2066\u200f\ufeff\u0085\u2028"
        : "x\e[31m\a\u009b2J\u202e\u2066\ufeff\u0085\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_of_tensors_and_metadata()
    {
        StateDict state = TinyNetwork.State(5);
        state[Hostile.Replace("\ud83d", "", StringComparison.Ordinal)] = new HostTensor(new float[1], 1);
        string weights = _folder.File($"{_name}.safetensors");
        SafeTensors.Write(weights, state, new Dictionary<string, string> { [$"spgpu.{_name}"] = _name });
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Shown(0, "info", weights, "--keys");
        Shown(0, "convert", weights, _folder.File($"{_name}.out.safetensors"));
        Shown(3, "segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"));
        Shown(0, "segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"), "--no-strict");
        Shown(3, "forward", "--weights", weights, "--input", weights, "--output", _folder.File("y.safetensors"), "--device", "cpu");
        SafeTensors.Write(weights, TinyNetwork.State(5), new Dictionary<string, string> { ["network.pools"] = _name });
        Shown(3, "segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"));
    }

    [Fact]
    public void Names_of_pictures_and_classes()
    {
        string weights = TinyNetwork.Write(_folder, classes: 2);
        TinyNetwork.WritePicture(_folder, Path.Combine(_name, $"{_name}.png"));
        string names = _folder.Write($"{_name}.txt", "x\e[31m\u202e\u009b\nb\ad\n");
        string[] options = ["--weights", weights, "--device", "cpu", "--names", names];
        Shown(0, ["segment", _folder.File(_name), "--out", _folder.File(_name + "out"), .. options]);
        _folder.Write(Path.Combine(_name, $"bad{_name}.png"), Hostile);
        Shown(3, ["segment", _folder.File(_name), "--out", _folder.File(_name + "out"), .. options]);
        Shown(3, ["segment", _folder.Write("list.txt", $"no{Hostile}such.png\n"), .. options]);
        Shown(3, ["segment", _folder.File(_name), .. options, "--palette", _folder.Write("palette.txt", $"1 2 3\n{Hostile} 2 3\n")]);
        Shown(3, ["segment", _folder.File(_name), .. options, "--palette", _folder.File("no" + Hostile)]);
    }

    [Fact]
    public void Names_in_data_sets()
    {
        string weights = TinyNetwork.Write(_folder, classes: 5);
        string names = _folder.Write("names.txt", "x\e[31m\u202e\u009b\nb\ad\nc\u2066\nd\u200f\ne\v!\n");
        LabelledPictures.Write(_folder.File("set"), 2);
        string[] options = ["--names", names];
        Shown(0, ["dataset", "check", _folder.File("set"), .. options]);
        Shown(0, ["eval", "--data", _folder.File("set"), "--weights", weights, "--device", "cpu", .. options]);
        string picture = Directory.EnumerateFiles(_folder.File(Path.Combine("set", "images"))).First();
        File.Copy(picture, _folder.File(Path.Combine("set", "images", _name + ".png")));
        _folder.Write(Path.Combine("set", "labels", _name + ".png"), Hostile);
        Shown(3, ["dataset", "check", _folder.File("set"), .. options]);
        Shown(3, ["eval", "--data", _folder.File("set"), "--weights", weights, "--device", "cpu", .. options]);
        string list = _folder.Write($"{_name}.lst", $"{Hostile}.jpg {Hostile}.png\n");
        Shown(3, ["dataset", "check", "--list", list, .. options]);
        Shown(3, ["eval", "--list", list, "--weights", weights, "--device", "cpu", .. options]);
    }

    [Fact]
    public void Keys_and_values_of_configurations()
    {
        const string escaped = @"""x\e[31m\a\x9b\u202e\u2066\ufeff\0""";
        Shown(2, "train", _folder.Write("key.yaml", $"TRAIN:\n  {escaped}: 1\n"));
        Shown(2, "train", _folder.Write("number.yaml", $"TRAIN:\n  epochs: {escaped}\n"));
        Shown(2, "train", _folder.Write("section.yaml", $"{escaped}:\n  epochs: 1\n"));
        Shown(2, "train", _folder.Write($"broken{_name}.yaml", $"TRAIN: [{escaped}: \e[31m\u202e\n  {{"));
        Shown(3, "train", _folder.Write("folder.yaml", "DATA:\n  data_root: \"x\\u202e\\u2066\\ufeff\"\n  classes: 3\n"), "--device", "cpu",
            "--out", _folder.File("run"));
        Shown(2, "train", _folder.File(Hostile));
        Shown(2, "train", _folder.Write("plain.yaml", "TRAIN:\n  epochs: 1\n"), $"{Hostile}=1");
        Shown(2, "train", _folder.File("plain.yaml"), $"epochs={Hostile}");
    }

    [Fact]
    public void Words_of_the_command_line()
    {
        string weights = TinyNetwork.Write(_folder);
        Shown(2, Hostile);
        Shown(2, "--" + Hostile);
        Shown(2, "devices", Hostile);
        Shown(2, "segment", "a.png", "--weights", "w", "--window", Hostile);
        Shown(2, "segment", "a.png", "--weights", "w", "--scales", Hostile);
        Shown(2, "segment", "a.png", "--weights", "w", "--official", Hostile);
        Shown(2, "synth", "--out", "o", "--split", Hostile);
        Shown(2, "synth", "--out", "o", "--size", Hostile);
        Shown(2, "export", "--onnx", "o", "--random", "--pools", Hostile);
        Shown(2, "selftest", "--device", "cpu", "--filter", Hostile);
        Shown(4, "profile", "--weights", weights, "--device", Hostile);
        Shown(3, "profile", "--weights", _folder.File(_name));
        Shown(0, "synth", "--out", _folder.File(_name + "synth"), "--count", "1", "--size", "32x32");
        Shown(0, "export", "--onnx", _folder.File(_name + ".onnx"), "--weights", weights, "--size", "32x32");
        Shown(3, "info", _folder.File(_name), "--verbose");
    }

    [Fact]
    public void Letters_of_every_script_are_shown_as_they_are()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, Path.Combine("in", "写真 Straße ไทย עברית 😀👩‍👩‍👧.png"));
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.Contains("写真 Straße ไทย עברית 😀👩‍👩‍👧.png -> 写真 Straße ไทย עברית 😀👩‍👩‍👧.png:", run.Out, StringComparison.Ordinal);
    }

    /// <summary>Files have their own rules; a reader of them gets every letter back, but for half a pair, which is none.</summary>
    [Fact]
    public void Json_holds_the_name_itself()
    {
        const string name = "写真 Straße \"q\" \\ \e[31m\u202e\r\n\u2028\u0085\ufeff😀";
        var picture = new SegmentedPicture(name + '\ud83d', TinyNetwork.Picture(4, 4), new LabelMap(new byte[16], 4, 4), "cpu", name, 1);
        var files = new PictureFiles(_folder.File("a.png"), _folder.File("a.jpg"), _folder.File("a.json"));
        files.Write(picture, Legend.For(null, null, 2));
        JsonElement report = JsonDocument.Parse(File.ReadAllBytes(files.Report)).RootElement;
        Assert.Equal((name + '\ufffd', name), (report.GetProperty("picture").GetString(), report.GetProperty("weights").GetString()));
    }

    /// <summary>
    /// A line that leaves by another way is not made visible. What stands before the console's writers hands on what it gets,
    /// and a file that somebody wants at /dev/stdout has the bytes of a file.
    /// </summary>
    [Fact]
    public void Only_the_terminal_writes_to_the_console()
    {
        string[] files =
            [Path.Combine(AppContext.BaseDirectory, "spgpu.dll"), .. Directory.EnumerateFiles(AppContext.BaseDirectory, "SpGpu.*.dll")];
        string[] writers = [.. files.Where(file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal)).SelectMany(ConsoleWriters)];
        Assert.NotEmpty(writers);
        Assert.All(writers, writer => Assert.Contains(writer, (string[])["Terminal", "ScreenWriter", "AtomicFile"]));
    }

    /// <summary>Runs the tool; nothing that it writes but the ends of lines may steer a terminal, and something was to be shown.</summary>
    private static void Shown(int code, params string[] args)
    {
        Spgpu run = Spgpu.Run(args);
        string all = run.Out + run.Error;
        Assert.True(code == run.Code, all);
        Assert.Contains(@"\u", all, StringComparison.Ordinal);
        foreach (Rune rune in all.EnumerateRunes())
        {
            Assert.True(
                rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
                $"U+{rune.Value:X4} in {Visible.Of(all)}");
        }
        Assert.Equal(all, new string([.. all.Where(unit => !char.IsSurrogate(unit))]));
        if (run.Code != 0 && !args.Contains("--verbose"))
            Assert.All(run.ErrorLines, line => Assert.Matches("^(spgpu: |see 'spgpu)", line));
    }

    /// <summary>The outermost types of a library in whose code the console's writing members are named.</summary>
    private static IEnumerable<string> ConsoleWriters(string file)
    {
        using var library = new PEReader(File.OpenRead(file));
        MetadataReader reader = library.GetMetadataReader();
        string[] members = ["get_Out", "get_Error", "Write", "WriteLine", "OpenStandardOutput", "OpenStandardError"];
        byte[][] tokens = [.. reader.MemberReferences
            .Where(handle => reader.GetMemberReference(handle) is { Parent.Kind: HandleKind.TypeReference } member
                && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name, "Console")
                && members.Contains(reader.GetString(member.Name)))
            .Select(handle => BitConverter.GetBytes(MetadataTokens.GetToken(handle)))];
        var found = new List<string>();
        foreach (MethodDefinition method in reader.MethodDefinitions.Select(reader.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress == 0)
                continue;
            byte[] code = library.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            if (!tokens.Any(token => code.AsSpan().IndexOf(token) >= 0))
                continue;
            TypeDefinition type = reader.GetTypeDefinition(method.GetDeclaringType());
            while (!type.GetDeclaringType().IsNil)
                type = reader.GetTypeDefinition(type.GetDeclaringType());
            found.Add(reader.GetString(type.Name));
        }
        return found;
    }
}
