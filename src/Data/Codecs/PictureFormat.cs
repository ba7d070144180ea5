namespace SpGpu.Data.Codecs;

/// <summary>The formats that the decoder is given; nothing else reaches it.</summary>
internal enum PictureFormat
{
    /// <summary>Baseline and progressive.</summary>
    Jpeg,

    /// <summary>Of any depth.</summary>
    Png,

    /// <summary>Lossy and lossless.</summary>
    WebP,

    /// <summary>Plain and run-length encoded.</summary>
    Bmp,

    /// <summary>The first frame.</summary>
    Gif,
}
