namespace SpGpu.Models;

/// <summary>What makes logits of a dilated ResNet's features.</summary>
public enum SegmentationHead
{
    /// <summary>Plain convolutions (Long et al., CVPR 2015).</summary>
    Fcn,

    /// <summary>The pyramid pooling module (Zhao et al., CVPR 2017).</summary>
    PspNet,

    /// <summary>The atrous pyramid with image pooling (Chen et al., 2017, arXiv 1706.05587).</summary>
    DeepLabV3,
}
