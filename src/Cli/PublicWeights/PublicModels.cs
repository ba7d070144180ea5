namespace SpGpu.Cli.PublicWeights;

/// <summary>
/// The networks that can be downloaded. Scores are those that their publishers state: torchvision in its documentation
/// (COCO's pictures of the validation set, with the classes of PASCAL VOC), mmsegmentation in <c>configs/*/README.md</c>
/// (one scale, not mirrored).
/// </summary>
internal static class PublicModels
{
    private static readonly Publisher _torchvision = new("torchvision", "BSD-3-Clause", "https://download.pytorch.org/models/");

    private static readonly Publisher _mmsegmentation =
        new("mmsegmentation", "Apache-2.0", "https://download.openmmlab.com/mmsegmentation/v0.5/");

    private static readonly DataSet _coco =
        new("COCO (VOC)", "annotations CC BY 4.0, pictures under Flickr's terms; cocodataset.org/#termsofuse");

    private static readonly DataSet _voc = new("PASCAL VOC", "pictures under Flickr's terms; host.robots.ox.ac.uk/pascal/VOC");

    private static readonly DataSet _cityscapes = new("Cityscapes", "non-commercial purposes; cityscapes-dataset.com/license");

    private static readonly DataSet _ade20k =
        new("ADE20K", "pictures for non-commercial research and education; ade20k.csail.mit.edu/terms");

    /// <summary>All of them, a data set after the other.</summary>
    public static IReadOnlyList<PublicModel> All { get; } =
    [
        new("ddrnet23-slim-cityscapes", _mmsegmentation, _cityscapes, 19, 77.84, 23_017_952,
            Mm("ddrnet", "ddrnet_23-slim_in1k-pre_2xb6-120k_cityscapes-1024x1024", "20230426_145312-6a5e5174")),
        new("pspnet-r18-cityscapes", _mmsegmentation, _cityscapes, 19, 74.87, 51_205_112,
            Mm("pspnet", "pspnet_r18-d8_512x1024_80k_cityscapes", "20201225_021458-09ffa746")),
        new("pspnet-r50-cityscapes", _mmsegmentation, _cityscapes, 19, 77.85, 196_137_984,
            Mm("pspnet", "pspnet_r50-d8_512x1024_40k_cityscapes", "20200605_003338-2966598c")),
        new("fcn-r50-cityscapes", _mmsegmentation, _cityscapes, 19, 72.25, 198_218_736,
            Mm("fcn", "fcn_r50-d8_512x1024_40k_cityscapes", "20200604_192608-efe53f0d")),
        new("segnext-t-ade20k", _mmsegmentation, _ade20k, 150, 41.50, 17_083_728,
            Mm("segnext", "segnext_mscan-t_1x16_512x512_adamw_160k_ade20k", "20230210_140244-05bd8466")),
        new("pspnet-r50-ade20k", _mmsegmentation, _ade20k, 150, 42.48, 196_541_464,
            Mm("pspnet", "pspnet_r50-d8_512x512_160k_ade20k", "20200615_184358-1890b0bd")),
        new("pspnet-r50-ade20k-80k", _mmsegmentation, _ade20k, 150, 41.13, 196_541_464,
            Mm("pspnet", "pspnet_r50-d8_512x512_80k_ade20k", "20200615_014128-15a8b914")),
        new("fcn-r50-ade20k", _mmsegmentation, _ade20k, 150, 35.94, 198_622_216,
            Mm("fcn", "fcn_r50-d8_512x512_80k_ade20k", "20200614_144016-f8ac5082")),
        new("pspnet-r50-voc", _mmsegmentation, _voc, 21, 76.78, 196_144_144,
            Mm("pspnet", "pspnet_r50-d8_512x512_20k_voc12aug", "20200617_101958-ed5dfbd9")),
        new("fcn-r50-voc", _mmsegmentation, _voc, 21, 67.08, 198_224_896,
            Mm("fcn", "fcn_r50-d8_512x512_20k_voc12aug", "20200617_010715-52dc5306")),
        new("fcn-r50-coco", _torchvision, _coco, 21, 60.5, 141_567_418, "fcn_resnet50_coco-1167a1af.pth"),
        new("fcn-r101-coco", _torchvision, _coco, 21, 63.7, 217_800_805, "fcn_resnet101_coco-7ecb50ca.pth"),
        new("deeplabv3-r50-coco", _torchvision, _coco, 21, 66.4, 168_312_000, "deeplabv3_resnet50_coco-cd0a2569.pth"),
        new("deeplabv3-r101-coco", _torchvision, _coco, 21, 67.4, 244_546_000, "deeplabv3_resnet101_coco-586e9e4e.pth"),
    ];

    /// <summary>The one of a name; null where there is none.</summary>
    public static PublicModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>The end of an error message for a name that is not known.</summary>
    public static string SuggestionFor(string name) => Suggestion.For(name, All.Select(model => model.Name));

    /// <summary>Where mmsegmentation keeps the file of a configuration.</summary>
    private static string Mm(string family, string configuration, string run) => $"{family}/{configuration}/{configuration}_{run}.pth";
}
