namespace SpGpu.Models;

/// <summary>Whose names and conventions a network follows: keys, dilations, sizes and corners differ.</summary>
public enum NetworkSource
{
    /// <summary>SPNet, by its official names.</summary>
    SpNet,

    /// <summary>torchvision.</summary>
    Torchvision,

    /// <summary>semseg, the code of PSPNet's authors for PyTorch.</summary>
    Semseg,

    /// <summary>mmsegmentation.</summary>
    Mmsegmentation,
}
