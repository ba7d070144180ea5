"""Times training steps of SPNet-50 in PyTorch; the first of those that warm up gives the first result.

usage: training_step.py DEVICE BATCH HEIGHT WIDTH CLASSES THREADS WARMUPS STEPS
"""

import sys

import torch
import torch.nn.functional as F

import measure
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


def step():
    optimizer.zero_grad()
    main, auxiliary = net(images)
    total = loss(main) + 0.4 * loss(auxiliary)
    total.backward()
    optimizer.step()
    # Waits for the device, as reading the loss does.
    return total.item()


step()
measure.first()
for _ in range(warmups - 1):
    step()
for _ in range(steps):
    measure.timed(step)
measure.end(device)
