"""Times the inference of an SPNet in PyTorch, from the image's tensor to the logits' at a stride of 8.

usage: inference.py WEIGHTS IMAGE LOGITS HEIGHT WIDTH THREADS WARMUPS RUNS WAY

WAY is eager, channels-last, frozen (traced, batch norms folded), frozen-channels-last or optimized (frozen, then with
convolutions and their weights in oneDNN's own layout).
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn

import measure
import safetensors_file
from spnet import SpNet


def load(path):
    """The network whose widths and depths the weights have."""
    shapes = safetensors_file.shapes(path)
    blocks = [len({name.split(".")[2] for name in shapes if name.startswith(f"pretrained.layer{stage}.")}) for stage in (1, 2, 3, 4)]
    planes = [shapes[f"pretrained.layer{stage}.0.conv1.weight"][0] for stage in (1, 2, 3, 4)]
    stem = [shapes[f"pretrained.conv1.{i}.weight"][0] for i in (0, 3, 6)]
    # The file has every value, and random ones take longer to make than these to read.
    nn.Conv2d.reset_parameters = lambda self: None
    net = SpNet(shapes["head.score_layer.4.weight"][0], stem, planes, blocks, auxiliary=False).eval()
    state = net.state_dict()
    if state.keys() != shapes.keys():
        sys.exit(f"{path} does not fit the network: {sorted(state.keys() ^ shapes.keys())[0]}")
    for name, tensor in safetensors_file.tensors(path):
        state[name].copy_(tensor)
    return net


def prepared(net, image, way):
    if way.endswith("channels-last"):
        net, image = net.to(memory_format=torch.channels_last), image.contiguous(memory_format=torch.channels_last)
    if way == "optimized":
        # oneDNN's adaptive pooling wants bins of one size; under this name PyTorch's own does it, among oneDNN's layers.
        F.adaptive_avg_pool2d = lambda x, bins: torch.ops.aten._adaptive_avg_pool2d(x, [bins, bins])
    if way in ("frozen", "frozen-channels-last", "optimized"):
        net = torch.jit.freeze(torch.jit.trace(net, image, check_trace=False))
    if way == "optimized":
        net = torch.jit.optimize_for_inference(net)
    return net, image


def main(weights, source, target, height, width, threads, warmups, runs, way):
    torch.set_num_threads(int(threads))
    with torch.inference_mode():
        with open(source, "rb") as file:
            image = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, 3, int(height), int(width))
        net, image = prepared(load(weights), image, way)
        logits = net(image)
        measure.first()
        for _ in range(int(warmups)):
            net(image)
        for _ in range(int(runs)):
            logits = measure.timed(lambda: net(image))
        measure.end(way)
        with open(target, "wb") as file:
            file.write(logits.contiguous().numpy().tobytes())


main(*sys.argv[1:])
