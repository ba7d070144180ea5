"""Times the inference of an SPNet in PyTorch, from the image's tensor to the logits' at a stride of 8.

usage: inference.py WEIGHTS IMAGE LOGITS HEIGHT WIDTH THREADS WARMUPS RUNS WAY

WAY is eager, channels-last, frozen (traced, batch norms folded), frozen-channels-last or optimized (frozen, then with
convolutions and their weights in oneDNN's own layout).
"""

import sys

import torch
import torch.nn.functional as F

import measure
from spnet import load


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
