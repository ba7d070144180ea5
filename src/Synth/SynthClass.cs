namespace SpGpu.Synth;

/// <summary>The classes of synthetic scenes; the values are the labels and never change.</summary>
public enum SynthClass : byte
{
    /// <summary>Sky and clouds.</summary>
    Sky,

    /// <summary>Carriageway, with its cracks, patches and blots of paint.</summary>
    Road,

    /// <summary>Pavement (sidewalk) and other paved ground.</summary>
    Pavement,

    /// <summary>Buildings with their windows, pipes and mullions.</summary>
    Building,

    /// <summary>Grass, crowns, trunks and branches.</summary>
    Vegetation,

    /// <summary>Cars, vans, trucks and buses.</summary>
    Vehicle,

    /// <summary>People.</summary>
    Person,

    /// <summary>Posts, masts and their arms.</summary>
    Pole,

    /// <summary>Painted lines: edges, lanes and stop lines, whole or dashed.</summary>
    LaneLine,

    /// <summary>Rails of crash barriers and their posts.</summary>
    GuardRail,

    /// <summary>Sagging cables and taut stays.</summary>
    Cable,

    /// <summary>The stone edge between road and pavement.</summary>
    Kerb,
}
