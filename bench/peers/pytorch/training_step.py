"""Seconds of training steps of SPNet-50 in PyTorch: one line a step, after the warm-up.

usage: training_step.py DEVICE BATCH HEIGHT WIDTH CLASSES THREADS WARMUPS STEPS
"""

import sys
import time

import torch
import torch.nn.functional as F

from spnet import SpNet

device, (batch, height, width, classes, threads, warmups, steps) = sys.argv[1], map(int, sys.argv[2:])
torch.set_num_threads(threads)
torch.manual_seed(1)
net = SpNet(classes).to(device).train()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
images = torch.randn(batch, 3, height, width, device=device)
labels = torch.randint(classes, (batch, height, width), device=device)


def loss(logits):
    return F.cross_entropy(F.interpolate(logits, (height, width), mode="bilinear", align_corners=True), labels, ignore_index=255)


for step in range(warmups + steps):
    start = time.perf_counter()
    optimizer.zero_grad()
    main, auxiliary = net(images)
    total = loss(main) + 0.4 * loss(auxiliary)
    total.backward()
    optimizer.step()
    # Waits for the device, as reading the loss does.
    value = total.item()
    if step >= warmups:
        print(f"{time.perf_counter() - start:.6f}", flush=True)
