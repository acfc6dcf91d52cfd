#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""bench/learning.py NET SECONDS LAYOUT THREADS: what bench.learning does, with PyTorch (Debian's python3-torch).

LAYOUT is plain (NCHW) or channels_last. Prints samples a second, and samples a second of CPU time.
"""
import sys
import time

import torch
from torch import nn

BATCH, SAMPLES, WARM_UP = 64, 16 * 64, 4


def conv(c_in, c_out, kernel, stride=1, padding=0, groups=1, relu=True):
    layers = [nn.Conv2d(c_in, c_out, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(c_out)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


def ds_cnn():
    blocks = [conv(1, 64, (10, 4), 2, (5, 1))]
    for _ in range(4):
        blocks += [conv(64, 64, 3, 1, 1, groups=64), conv(64, 64, 1)]
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 12))


class Residual(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.first, self.second = conv(c_in, c_out, 3, stride, 1), conv(c_out, c_out, 3, 1, 1, relu=False)
        self.short = nn.Conv2d(c_in, c_out, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        return torch.relu_(self.second(self.first(x)) + self.short(x))


def resnet8():
    return nn.Sequential(conv(3, 16, 3, 1, 1), Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def main():
    name, seconds, layout = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[4]))
    net, shape, n_classes = (ds_cnn(), (1, 49, 10), 12) if name == "ds_cnn" else (resnet8(), (3, 32, 32), 10)
    x, y = torch.randn(SAMPLES, *shape), torch.arange(SAMPLES) % n_classes
    if layout == "channels_last":
        net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    optimizer, loss = torch.optim.Adam(net.parameters(), lr=0.001), nn.CrossEntropyLoss()
    net.train()
    steps, start, cpu_start = 0, 0.0, 0.0
    while True:
        at = steps * BATCH % SAMPLES
        optimizer.zero_grad(set_to_none=True)
        loss(net(x[at:at + BATCH]), y[at:at + BATCH]).backward()
        optimizer.step()
        steps += 1
        if steps == WARM_UP:
            start, cpu_start = time.monotonic(), time.process_time()
        if steps > WARM_UP and time.monotonic() - start >= seconds:
            break
    samples = (steps - WARM_UP) * BATCH
    print("%.1f %.1f" % (samples / (time.monotonic() - start), samples / (time.process_time() - cpu_start)))


main()
