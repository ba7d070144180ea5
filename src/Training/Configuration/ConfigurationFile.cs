using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SpGpu.Training.Configuration;

/// <summary>Reads the sections of a configuration file, and the pairs of a command line, as texts with their places.</summary>
internal static class ConfigurationFile
{
    /// <summary>Larger files are not configurations.</summary>
    private const int MostLetters = 1 << 20;

    private const string Remedy = "name a YAML file, such as 'spgpu train --init folder' writes";

    /// <summary>The values of a file in its order: sections of keys, each with a word or a list of words.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, is no YAML or has another structure.</exception>
    public static IReadOnlyList<SettingValue> Read(string path) => Parse(Load(path), path);

    /// <summary>The values of a stream, which is read to its end; errors name it as they would a file.</summary>
    public static IReadOnlyList<SettingValue> Read(Stream stream, string name) => Parse(Text(stream, name), name);

    private static List<SettingValue> Parse(string text, string path)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return Sections(parser, path);
        }
        catch (YamlException error)
        {
            // Some errors know no place, but none is before the last thing that was read.
            long line = Math.Max(error.End.Line, parser.Current?.End.Line ?? 1);
            string advice = Reason(error).Contains("quoted scalar", StringComparison.Ordinal)
                ? @"close the quotes, and write a path in single ones, or with / in place of \"
                : "mend the YAML (blanks indent, tabs do not)";
            throw new ConfigurationException($"'{path}', near line {line}: {Reason(error)}; {advice}", error);
        }
    }

    /// <summary>
    /// A pair KEY=VALUE of the command line. A number, a flag or a list is written as in a file; anything else is taken as
    /// it stands, as the shell has its own quotes and a path may have any character.
    /// </summary>
    /// <exception cref="ConfigurationException">It has another form.</exception>
    public static SettingValue Pair(string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new ConfigurationException($"'{pair}' is no setting; write KEY=VALUE, as in epochs=20");
        string key = pair[..equals].Trim(), text = pair[(equals + 1)..], where = $"'{pair}'";
        if (Settings.All.FirstOrDefault(setting => setting.Key == key) is not { IsText: false })
            return new SettingValue("", key, text.Length == 0 ? [] : [text], IsList: false, where);
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return new SettingValue("", key, [], IsList: false, where);
            parser.Consume<DocumentStart>();
            (IReadOnlyList<string> words, bool isList) = Value(parser, key, where);
            End(parser, where);
            return new SettingValue("", key, words, isList, where);
        }
        catch (YamlException error)
        {
            throw new ConfigurationException(
                $"{where}: {Reason(error)}; write KEY=VALUE with a word, a number or a list such as [1, 2]", error);
        }
    }

    private static string Load(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new ConfigurationException($"cannot read '{path}': it is a folder; {Remedy}");
            using FileStream stream = SharedFile.Open(path);
            return Text(stream, path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"cannot read '{path}': no such file; {Remedy}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ConfigurationException(
                $"cannot read '{path}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; check the path and its access rights", error);
        }
    }

    private static string Text(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        // By what comes, as a pipe or a device has no length.
        var text = new char[MostLetters + 1];
        int length = reader.ReadBlock(text);
        return length <= MostLetters
            ? new string(text, 0, length)
            : throw new ConfigurationException($"cannot read '{name}': it is larger than {MostLetters >> 20} MiB; name a YAML file");
    }

    private static List<SettingValue> Sections(Parser parser, string path)
    {
        var values = new List<SettingValue>();
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return values;
        parser.Consume<DocumentStart>();
        if (!parser.TryConsume<MappingStart>(out _))
            throw new ConfigurationException($"'{path}': there are no sections; write DATA: and TRAIN: with indented keys below them");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar section = Name(parser, path, "a section");
            if (parser.Accept<Scalar>(out Scalar? empty) && IsNull(empty))
            {
                parser.MoveNext();
                continue;
            }
            if (!parser.TryConsume<MappingStart>(out _))
                throw new ConfigurationException(
                    $"{Place(path, section)}: '{section.Value}' has no keys; write DATA: and TRAIN: with indented keys below them");
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                Scalar key = Name(parser, path, "a key");
                (IReadOnlyList<string> words, bool isList) = Value(parser, key.Value, Place(path, key));
                values.Add(new SettingValue(section.Value, key.Value, words, isList, Place(path, key)));
            }
        }
        End(parser, $"'{path}'");
        return values;
    }

    /// <summary>Refuses what would be passed over.</summary>
    private static void End(Parser parser, string where)
    {
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw new ConfigurationException(
                $"{where}: line {parser.Current!.End.Line} ends the document, and more follows; " +
                "write all of it as one, without --- and ... between");
    }

    private static Scalar Name(Parser parser, string path, string what) => parser.TryConsume<Scalar>(out Scalar? name)
        ? name
        : throw new ConfigurationException(
            $"'{path}', line {parser.Current!.Start.Line}: the name of {what} is missing; write NAME: VALUE");

    private static (IReadOnlyList<string> Words, bool IsList) Value(Parser parser, string key, string where)
    {
        if (parser.TryConsume<Scalar>(out Scalar? word))
            return (IsNull(word) ? [] : [word.Value], false);
        var words = new List<string>();
        if (parser.TryConsume<SequenceStart>(out _))
        {
            while (parser.TryConsume<Scalar>(out Scalar? item))
                words.Add(item.Value);
            if (parser.TryConsume<SequenceEnd>(out _))
                return (words, true);
        }
        throw new ConfigurationException(parser.Accept<AnchorAlias>(out AnchorAlias? alias)
            ? $"{where}: {key} refers to *{alias.Value}, and such references are not followed; write the value itself"
            : $"{where}: {key} is neither a word nor a list of words; write one of these");
    }

    private static bool IsNull(Scalar word) =>
        word is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" or "None" };

    private static string Place(string path, ParsingEvent at) => $"'{path}', line {at.Start.Line}";

    private static string Reason(YamlException error) => (error.InnerException ?? error).Message.ReplaceLineEndings(" ").TrimEnd('.');
}
