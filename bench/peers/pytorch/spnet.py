"""SPNet in PyTorch, for timing beside SpGpu; written from the same formulas, with the same parameter names."""

import torch
import torch.nn.functional as F
from torch import nn

import safetensors_file


def norm_after(conv):
    return nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels))


def conv(inputs, outputs, kernel, stride=1, dilation=1, bias=False):
    kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    padding = tuple(dilation * (k - 1) // 2 for k in kernel)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=bias)


def resize(x, like):
    return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=True)


class StripPooling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.bn1 = conv(channels, channels, (3, 1)), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = conv(channels, channels, (1, 3)), nn.BatchNorm2d(channels)
        self.conv3 = conv(channels, channels, 1, bias=True)

    def forward(self, x):
        column = self.bn1(self.conv1(x.mean(3, keepdim=True)))
        row = self.bn2(self.conv2(x.mean(2, keepdim=True)))
        return torch.sigmoid(self.conv3(F.relu(column.expand_as(x) + row.expand_as(x))))


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride, dilation, spm):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, planes, 1), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv(planes, planes, 3, stride, dilation), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = conv(planes, 4 * planes, 1), nn.BatchNorm2d(4 * planes)
        self.downsample = norm_after(conv(inputs, 4 * planes, 1, stride)) if stride != 1 or inputs != 4 * planes else None
        self.spm = StripPooling(planes) if spm else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        if self.spm is not None:
            y = y * self.spm(y)
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class MixedPooling(nn.Module):
    def __init__(self, channels, pools=(20, 12)):
        super().__init__()
        middle = channels // 4
        self.pools = pools
        self.conv1_1, self.conv1_2 = norm_after(conv(channels, middle, 1)), norm_after(conv(channels, middle, 1))
        for i, kernel in enumerate([3, 3, 3, (1, 3), (3, 1), 3, 3]):
            setattr(self, f"conv2_{i}", norm_after(conv(middle, middle, kernel)))
        self.conv3 = norm_after(conv(2 * middle, channels, 1))

    def forward(self, x):
        a, b = F.relu(self.conv1_1(x)), F.relu(self.conv1_2(x))
        grids = [resize(c(F.adaptive_avg_pool2d(a, p)), a) for c, p in zip((self.conv2_1, self.conv2_2), self.pools)]
        a = F.relu(self.conv2_5(F.relu(self.conv2_0(a) + grids[0] + grids[1])))
        row, column = self.conv2_3(b.mean(2, keepdim=True)), self.conv2_4(b.mean(3, keepdim=True))
        b = F.relu(self.conv2_6(F.relu(resize(row, b) + resize(column, b))))
        return F.relu(x + self.conv3(torch.cat([a, b], 1)))


def score(inputs, middle, classes):
    return nn.Sequential(conv(inputs, middle, 3), nn.BatchNorm2d(middle), nn.ReLU(), nn.Dropout2d(0.1), conv(middle, classes, 1, bias=True))


class SpHead(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        inner = inputs // 2
        self.trans_layer = nn.Sequential(conv(inputs, inner, 1), nn.BatchNorm2d(inner), nn.ReLU())
        self.strip_pool1, self.strip_pool2 = MixedPooling(inner), MixedPooling(inner)
        self.score_layer = score(inner, inner // 2, classes)

    def forward(self, x):
        return self.score_layer(self.strip_pool2(self.strip_pool1(self.trans_layer(x))))


class FcnHead(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.conv5 = score(inputs, inputs // 4, classes)

    def forward(self, x):
        return self.conv5(x)


class Backbone(nn.Module):
    def __init__(self, stem, planes, blocks):
        super().__init__()
        self.conv1 = nn.Sequential(
            conv(3, stem[0], 3, 2), nn.BatchNorm2d(stem[0]), nn.ReLU(),
            conv(stem[0], stem[1], 3), nn.BatchNorm2d(stem[1]), nn.ReLU(), conv(stem[1], stem[2], 3))
        self.bn1 = nn.BatchNorm2d(stem[2])
        inputs = stem[2]
        for stage in range(4):
            layers = []
            for block in range(blocks[stage]):
                dilation = {2: 1 if block == 0 else 2, 3: 4 << block}.get(stage, 1)
                spm = stage == 3 or 0 < block == blocks[stage] - 1
                layers.append(Bottleneck(inputs, planes[stage], 2 if stage == 1 and block == 0 else 1, dilation, spm))
                inputs = 4 * planes[stage]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        c3 = self.layer3(self.layer2(self.layer1(x)))
        return c3, self.layer4(c3)


class SpNet(nn.Module):
    """Gives the logits at a stride of 8, and in training those of the auxiliary head with them, if it has one."""

    def __init__(self, classes, stem=(64, 64, 128), planes=(64, 128, 256, 512), blocks=(3, 4, 6, 3), auxiliary=True):
        super().__init__()
        self.pretrained = Backbone(stem, planes, blocks)
        self.head = SpHead(4 * planes[3], classes)
        self.auxlayer = FcnHead(4 * planes[2], classes) if auxiliary else None

    def forward(self, x):
        c3, c4 = self.pretrained(x)
        return (self.head(c4), self.auxlayer(c3)) if self.training and self.auxlayer is not None else self.head(c4)


def load(path):
    """The network whose widths, depths and heads the weights have."""
    shapes = safetensors_file.shapes(path)
    blocks = [len({name.split(".")[2] for name in shapes if name.startswith(f"pretrained.layer{stage}.")}) for stage in (1, 2, 3, 4)]
    planes = [shapes[f"pretrained.layer{stage}.0.conv1.weight"][0] for stage in (1, 2, 3, 4)]
    stem = [shapes[f"pretrained.conv1.{i}.weight"][0] for i in (0, 3, 6)]
    # The file has every value, and random ones take longer to make than these to read.
    nn.Conv2d.reset_parameters = lambda self: None
    auxiliary = any(name.startswith("auxlayer.") for name in shapes)
    net = SpNet(shapes["head.score_layer.4.weight"][0], stem, planes, blocks, auxiliary).eval()
    state = net.state_dict()
    if state.keys() != shapes.keys():
        raise SystemExit(f"{path} does not fit the network: {sorted(state.keys() ^ shapes.keys())[0]}")
    for name, tensor in safetensors_file.tensors(path):
        state[name].copy_(tensor)
    return net
