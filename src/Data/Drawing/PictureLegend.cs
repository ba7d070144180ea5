using SkiaSharp;

namespace SpGpu.Data.Drawing;

/// <summary>Puts the colours of classes and their names below a picture.</summary>
public static class PictureLegend
{
    /// <summary>Narrower pictures have no room for names.</summary>
    private const int LeastWidth = 160;

    private const float LeastLetter = 12, MostLetter = 32, LettersInWidth = 64, Edge = 1;

    /// <summary>
    /// The picture with a white strip below it; as it is where there are no classes, where it is less than 160 pixels wide,
    /// or where it would be above <see cref="RgbImage.MaxPixels"/>.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="names">The names of all classes; those that are too long for the picture are cut.</param>
    /// <param name="palette">The colours of all classes.</param>
    /// <param name="maps">What the picture shows: classes that occur are named, those with most pixels first.</param>
    /// <exception cref="ImageException">A map has a label of no class.</exception>
    public static RgbImage Below(RgbImage picture, IReadOnlyList<string> names, Palette palette, params IReadOnlyList<LabelMap> maps)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(palette);
        ArgumentNullException.ThrowIfNull(maps);
        var pixels = new long[names.Count];
        foreach (LabelMap map in maps)
        {
            long[] counts = map.Shares(names.Count);
            for (int index = 0; index < counts.Length; index++)
                pixels[index] += counts[index];
        }
        int[] present = [.. Enumerable.Range(0, pixels.Length).Where(index => pixels[index] > 0).OrderByDescending(index => pixels[index])];
        if (present.Length == 0 || picture.Width < LeastWidth)
            return picture;
        using var strip = new Strip(picture.Width);
        foreach (int index in present)
            strip.Add(names[index], palette[index]);
        if ((long)picture.Width * (picture.Height + strip.Height) > RgbImage.MaxPixels)
            return picture;
        RgbImage legend = strip.Draw();
        return new RgbImage([.. picture.Pixels, .. legend.Pixels], picture.Width, picture.Height + legend.Height);
    }

    /// <summary>Entries from left to right, in as many rows as they need.</summary>
    private sealed class Strip(int width) : IDisposable
    {
        private readonly float _letter = Math.Clamp(width / LettersInWidth, LeastLetter, MostLetter);
        private readonly List<(string Name, SKTypeface Face, Rgb Colour, float X, int Row)> _entries = [];
        private float _x;
        private int _row;

        public int Height => (int)((_row + 1) * RowHeight + Gap);

        private float Gap => _letter / 2;

        private float RowHeight => 1.5f * _letter;

        public void Add(string name, Rgb colour)
        {
            SKTypeface face = LetterFont.Open(name);
            using var font = new SKFont(face, _letter);
            // A square, a gap, the name.
            float before = Gap + _letter + Gap, room = width - before - Gap;
            string fitting = LetterFont.Fitting(name, font, room);
            float needed = before + font.MeasureText(fitting) + Gap;
            if (_x > 0 && _x + needed > width)
                (_x, _row) = (0, _row + 1);
            _entries.Add((fitting, face, colour, _x, _row));
            _x += needed;
        }

        public RgbImage Draw()
        {
            using var bitmap = new SKBitmap(new SKImageInfo(width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
            using var canvas = new SKCanvas(bitmap);
            using var paint = new SKPaint { IsAntialias = true };
            canvas.Clear(SKColors.White);
            foreach ((string name, SKTypeface face, Rgb colour, float x, int row) in _entries)
            {
                float top = row * RowHeight + Gap;
                var square = SKRect.Create(x + Gap, top, _letter, _letter);
                paint.Color = SKColors.Black;
                canvas.DrawRect(square, paint);
                // With a black edge, or a white class would show none.
                paint.Color = new SKColor(colour.R, colour.G, colour.B);
                canvas.DrawRect(SKRect.Inflate(square, -Edge, -Edge), paint);
                paint.Color = SKColors.Black;
                using var font = new SKFont(face, _letter);
                canvas.DrawText(name, x + Gap + _letter + Gap, top + 0.85f * _letter, SKTextAlign.Left, font, paint);
            }
            canvas.Flush();
            return new RgbImage(bitmap.GetPixelSpan(), width, Height, bitmap.RowBytes, PixelOrder.Rgba);
        }

        public void Dispose() => _entries.ForEach(entry => entry.Face.Dispose());
    }
}
