"""Times SPNet in PyTorch on a GPU: in float32 with TF32 off and on, and in half precision in channels-last layout.

usage: peer.py PYTORCH_FOLDER WEIGHTS BATCHES HEIGHTxWIDTH

PYTORCH_FOLDER is bench/peers/pytorch; WEIGHTS a .safetensors file, or spnet50 for random ones. Each way runs eagerly and
as a captured graph, cuDNN in benchmark mode.
Prints a line a figure: figure, name, milliseconds (the median of the runs, by the GPU's clock), unit and the GPU's clocks,
apart by tabs.
"""

import copy
import os
import statistics
import subprocess
import sys

import torch

folder, weights, batches, size = sys.argv[1:5]
sys.path.insert(0, folder)
from spnet import SpNet, load  # noqa: E402

RUNS, WARMUPS = 20, 5
WAYS = {"float32": (False, torch.float32), "TF32": (True, torch.float32), "half channels-last": (True, torch.float16)}


def condition():
    """What the driver says of clocks, temperature, power and what holds the clocks down, right after a run."""
    query = "--query-gpu=clocks.sm,clocks.max.sm,clocks.mem,temperature.gpu,power.draw,clocks_throttle_reasons.active"
    try:
        told = subprocess.run(["nvidia-smi", query, "--format=csv,noheader"], capture_output=True, text=True, timeout=10).stdout
        return told.splitlines()[0].strip()
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return "-"


def milliseconds(run):
    for _ in range(WARMUPS):
        run()
    times = []
    for _ in range(RUNS):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        run()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
    return statistics.median(times)


def captured(net, image):
    """The network as a graph that the GPU replays by itself."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            net(image)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        net(image)
    return graph.replay


def report(name, run):
    try:
        print(f"figure\t{name}\t{milliseconds(run()):.4f}\tms\t{condition()}", flush=True)
    except Exception as error:  # One way that does not work must not cost the others.
        print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}", flush=True)


torch.backends.cudnn.benchmark = True
network = (SpNet(150, auxiliary=False) if weights == "spnet50" else load(weights)).eval().cuda()
label = "SPNet-50" if weights == "spnet50" else os.path.basename(weights).removesuffix(".safetensors")
height, width = map(int, size.split("x"))
print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}, {torch.cuda.get_device_name()}")
with torch.inference_mode():
    for batch in map(int, batches.split(",")):
        for way, (tf32, dtype) in WAYS.items():
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
            layout = torch.channels_last if "channels-last" in way else torch.contiguous_format
            net = copy.deepcopy(network).to(dtype).to(memory_format=layout)
            image = torch.randn(batch, 3, height, width, device="cuda", dtype=dtype).contiguous(memory_format=layout)
            name = f"PyTorch {label} {batch}x3x{size} {way}"
            report(name, lambda: lambda: net(image))
            report(f"{name}, graph", lambda: captured(net, image))
