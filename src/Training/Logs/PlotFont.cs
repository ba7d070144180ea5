using ScottPlot;
using SkiaSharp;
using SpGpu.Data.Drawing;

namespace SpGpu.Training.Logs;

/// <summary>The letters of the curves: those that come along.</summary>
internal sealed class PlotFont : IFontResolver
{
    /// <summary>The name that labels ask for; no font of the system has it.</summary>
    public const string Name = "SpGpu curves";

    static PlotFont() => Fonts.FontResolvers.Add(new PlotFont());

    private PlotFont()
    {
    }

    /// <summary>Sets all text of a plot in it; other plots of the process keep their fonts.</summary>
    public static void Apply(Plot plot)
    {
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.FontName = Name;
            axis.TickLabelStyle.FontName = Name;
        }
        plot.Axes.Title.Label.FontName = Name;
        plot.Legend.FontName = Name;
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? LetterFont.Open() : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
}
