"""Training steps in PyTorch, for bench/peers/run.py: a worker that is told over standard input what to do.

    PYTHON pytorch_peer.py MODEL BATCH NORM THREADS STYLE

STYLE is `notebook` (a DataLoader with per-item transforms and an eager loop, as course assignments have it), `eager` (tensors
in memory, batches by index) or `compiled` (the same under torch.compile). Prints a line of JSON about itself, then for each
line with a number N on its input takes N steps and prints the seconds of one.
"""

import json
import sys
import time

import numpy as np
import torch
from torch import nn


def make_model(name, norm):
    def slot(layer):
        return [layer] if norm == "batch" else []

    if name == "cnn-32":
        layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), *slot(nn.BatchNorm2d(32)), nn.MaxPool2d(2), nn.Flatten(),
                  nn.Linear(32 * 13 * 13, 128), nn.ReLU(), *slot(nn.BatchNorm1d(128)), nn.Linear(128, 10)]
    else:
        first, second = (int(part) for part in name.split("-")[1:])
        layers = [nn.Flatten(), nn.Linear(784, first), *slot(nn.BatchNorm1d(first)), nn.ReLU(),
                  nn.Linear(first, second), *slot(nn.BatchNorm1d(second)), nn.ReLU(), nn.Linear(second, 10)]
    return nn.Sequential(*layers)


def make_optimizer(name, parameters):
    if name == "mlp-512-256":
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
        image = torch.from_numpy(self.images[index]).unsqueeze(0).to(torch.float32).div(255)
        return image.sub_(self.mean).div_(self.std), int(self.labels[index])


def loader_batches(images, labels, batch):
    loader = torch.utils.data.DataLoader(Items(images, labels), batch_size=batch, shuffle=True, drop_last=True)
    while True:
        yield from loader


def memory_batches(images, labels, batch):
    x = torch.from_numpy(images).to(torch.float32).div(127.5).sub(1).unsqueeze(1)
    y = torch.from_numpy(labels)
    while True:
        for indices in torch.randperm(len(y)).split(batch):
            if len(indices) == batch:
                yield x[indices], y[indices]


def main():
    name, batch, norm, threads, style = sys.argv[1:]
    torch.manual_seed(1)
    torch.set_num_threads(int(threads))
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (60_000, 28, 28), dtype=np.uint8)
    labels = random.integers(0, 10, 60_000)
    batches = (loader_batches if style == "notebook" else memory_batches)(images, labels, int(batch))
    model = make_model(name, norm).train()
    optimizer = make_optimizer(name, model.parameters())
    criterion = nn.CrossEntropyLoss()

    def loss_of(x, y):
        return criterion(model(x), y)

    forward = torch.compile(loss_of) if style == "compiled" else loss_of

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


main()
