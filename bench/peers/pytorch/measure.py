"""What a process that is timed prints; the program that starts it reads these lines."""

import re
import time

import torch


def first():
    print("first", flush=True)


def timed(run):
    start = time.perf_counter()
    result = run()
    print(f"time {time.perf_counter() - start:.6f}", flush=True)
    return result


def peak_bytes():
    try:
        with open("/proc/self/status") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:
        import resource
        import sys

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else 1024 * peak


def end(what):
    print(f"memory {peak_bytes()}")
    built = torch.__config__.show()
    parts = [f"PyTorch {torch.__version__}"]
    for name, pattern in (("oneDNN ", r"(?:MKL-DNN|oneDNN) v([\d.]+)"), ("", r"CPU capability usage: (\S+)")):
        found = re.search(pattern, built)
        if found:
            parts.append(name + found[1])
    print(f"engine {', '.join(parts + [f'{torch.get_num_threads()} thread(s)', what])}", flush=True)
