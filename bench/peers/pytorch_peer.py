"""Training steps in PyTorch, for bench/peers/run.py: a worker that is told over standard input what to do.

    PYTHON pytorch_peer.py MODEL BATCH NORM THREADS STYLE

STYLE is `notebook` (a DataLoader with per-item transforms and an eager loop, as course assignments have it), `eager` (tensors
in memory, batches by index) or `compiled` (the same under torch.compile); for images in colour also `eager-nhwc` and
`compiled-nhwc`, in the memory format channels_last. Prints a line of JSON about itself, then for each line with a number N on
its input takes N steps and prints the seconds of one, in the end how much memory model and steps took at most.
"""

import json
import sys
import time

import numpy as np
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


class Scale(nn.Module):
    def __init__(self, value):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value))

    def forward(self, x):
        return x * self.value


def resnet_20(slot):
    def block(inputs, outputs, stride):
        body = [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), *slot(nn.BatchNorm2d(outputs)), nn.ReLU(),
                nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), *slot(nn.BatchNorm2d(outputs))]
        shortcut = [nn.Conv2d(inputs, outputs, 1, stride, bias=False), *slot(nn.BatchNorm2d(outputs))] if stride > 1 else []
        return Residual(body, shortcut)

    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), *slot(nn.BatchNorm2d(16)), nn.ReLU()]
    for inputs, outputs in ((16, 16), (16, 32), (32, 64)):
        layers += [block(inputs, outputs, 1 + (inputs != outputs)), block(outputs, outputs, 1), block(outputs, outputs, 1)]
    return [*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]


def airbench(slot):
    layers = [nn.Conv2d(3, 24, 2), nn.GELU()]
    for inputs, outputs in ((24, 64), (64, 256), (256, 256)):
        layers += [nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.MaxPool2d(2), *slot(nn.BatchNorm2d(outputs)), nn.GELU(),
                   nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), *slot(nn.BatchNorm2d(outputs)), nn.GELU()]
    return [*layers, nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False), Scale(0.111)]


def make_model(name, norm):
    def slot(layer):
        return [layer] if norm == "batch" else []

    if name == "resnet-20":
        layers = resnet_20(slot)
    elif name == "airbench":
        layers = airbench(slot)
    elif name == "cnn-32":
        layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), *slot(nn.BatchNorm2d(32)), nn.MaxPool2d(2), nn.Flatten(),
                  nn.Linear(32 * 13 * 13, 128), nn.ReLU(), *slot(nn.BatchNorm1d(128)), nn.Linear(128, 10)]
    else:
        first, second = (int(part) for part in name.split("-")[1:])
        layers = [nn.Flatten(), nn.Linear(784, first), *slot(nn.BatchNorm1d(first)), nn.ReLU(),
                  nn.Linear(first, second), *slot(nn.BatchNorm1d(second)), nn.ReLU(), nn.Linear(second, 10)]
    return nn.Sequential(*layers)


def make_optimizer(name, parameters):
    if name in ("mlp-512-256", "resnet-20", "airbench"):
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
    return torch.optim.Adam(parameters, lr=0.001)


class Items(torch.utils.data.Dataset):
    """Images with the transforms of the usual notebook, ToTensor and Normalize((0.5,), (0.5,)), done item by item. The
    decoding of an image object, which torchvision does besides, is left out in PyTorch's favour."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels
        self.mean, self.std = torch.tensor([0.5]).view(-1, 1, 1), torch.tensor([0.5]).view(-1, 1, 1)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = torch.from_numpy(self.images[index]).to(torch.float32).div(255)
        return image.sub_(self.mean).div_(self.std), int(self.labels[index])


def loader_batches(images, labels, batch):
    loader = torch.utils.data.DataLoader(Items(images, labels), batch_size=batch, shuffle=True, drop_last=True)
    while True:
        yield from loader


def memory_batches(images, labels, batch, memory_format):
    """The data set is made here and now: it is not what a step takes."""
    x = torch.from_numpy(images).to(torch.float32).div_(127.5).sub_(1).to(memory_format=memory_format)
    y = torch.from_numpy(labels)

    def batches():
        while True:
            for indices in torch.randperm(len(y)).split(batch):
                if len(indices) == batch:
                    yield x[indices], y[indices]

    return batches()


def memory_mib(key):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def begin_memory_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak starts anew
    return memory_mib("VmRSS")


def main():
    name, batch, norm, threads, style = sys.argv[1:]
    torch.manual_seed(1)
    torch.set_num_threads(int(threads))
    random = np.random.default_rng(1)
    shape = (50_000, 3, 32, 32) if name in ("resnet-20", "airbench") else (60_000, 1, 28, 28)
    images = random.integers(0, 256, shape, dtype=np.uint8)
    labels = random.integers(0, 10, shape[0])
    memory_format = torch.channels_last if style.endswith("-nhwc") else torch.contiguous_format
    if style == "notebook":
        batches = loader_batches(images, labels, int(batch))
    else:
        batches = memory_batches(images, labels, int(batch), memory_format)
    before = begin_memory_peak()
    model = make_model(name, norm).train().to(memory_format=memory_format)
    optimizer = make_optimizer(name, model.parameters())
    criterion = nn.CrossEntropyLoss()

    def loss_of(x, y):
        return criterion(model(x), y)

    forward = torch.compile(loss_of) if style.startswith("compiled") else loss_of

    def step():
        x, y = next(batches)
        optimizer.zero_grad()
        loss = forward(x, y)
        loss.backward()
        optimizer.step()
        # A notebook adds up the loss; the others read it once in a while.
        return loss.item() if style == "notebook" else loss

    for _ in range(3):
        step()
    print(json.dumps({"peer": f"PyTorch {torch.__version__}, {style}"}), flush=True)
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            step()
        print(json.dumps({"seconds": (time.perf_counter() - start) / count}), flush=True)
    print(json.dumps({"mib": memory_mib("VmHWM") - before}), flush=True)


main()
