using System.Text.Json;

namespace SpGpu.Synth;

/// <summary>Writes scenes into the folders of a data set.</summary>
internal sealed class SceneWriter
{
    private readonly string _images;
    private readonly string _labels;
    private readonly string _objects;

    public SceneWriter(string folder)
    {
        _images = Make("images");
        _labels = Make("labels");
        _objects = Make("objects");

        string Make(string name)
        {
            string path = Path.Combine(folder, name);
            try
            {
                return Directory.CreateDirectory(path).FullName;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                throw new OutputException(
                    $"cannot make folder '{path}': {error.Message.TrimEnd('.')}; name a folder that can be written", error);
            }
        }
    }

    public void Write(SyntheticScene scene, int index)
    {
        string name = $"{index:D5}";
        scene.Image.Write(Path.Combine(_images, name + ".png"));
        scene.Labels.Write(Path.Combine(_labels, name + ".png"), SynthClasses.Palette);
        AtomicFile.Write(Path.Combine(_objects, name + ".json"), stream => WriteObjects(stream, scene));
    }

    private static void WriteObjects(Stream stream, SyntheticScene scene)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteNumber("width", scene.Labels.Width);
        json.WriteNumber("height", scene.Labels.Height);
        json.WriteStartArray("objects");
        foreach (ThinObject thing in scene.ThinObjects)
        {
            json.WriteStartObject();
            json.WriteString("class", SynthClasses.Names[(int)thing.Class]);
            json.WriteNumber("width", thing.Width);
            json.WriteNumber("length", thing.Length);
            json.WriteNumber("visibleLength", thing.VisibleLength);
            json.WriteNumber("angle", thing.Angle);
            json.WriteNumber("pixels", thing.Pixels);
            json.WriteStartArray("centreLine");
            foreach (ImagePoint point in thing.CentreLine)
            {
                json.WriteNumberValue(point.X);
                json.WriteNumberValue(point.Y);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteMap(json, scene.Objects);
        json.WriteEndObject();
    }

    /// <summary>The object map as runs, row by row: how many pixels, then the number that they have (0, or 1 + index).</summary>
    private static void WriteMap(Utf8JsonWriter json, ushort[] objects)
    {
        json.WriteStartArray("map");
        for (int start = 0, end; start < objects.Length; start = end)
        {
            end = start + 1;
            while (end < objects.Length && objects[end] == objects[start])
                end++;
            json.WriteNumberValue(end - start);
            json.WriteNumberValue(objects[start]);
        }
        json.WriteEndArray();
    }
}
