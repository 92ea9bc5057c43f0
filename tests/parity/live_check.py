#!/usr/bin/python3
"""Holds a normlab program against the PyTorch of this machine, checkpoints included:

    /usr/bin/python3 tests/parity/live_check.py build/release/normlab

normlab trains on a small data set, PyTorch loads the checkpoint (strict=True) and must find the same test loss and
accuracy; PyTorch makes a checkpoint, normlab starts from it, and both train on in step. Needs python3-torch, and the
package safetensors from PyPI, which is fetched into the build folder when it is missing.
"""

import gzip
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn

# Means over batches of float32 losses, after some dozen steps.
TOLERANCE = 1e-5
TRAIN_IMAGES, TEST_IMAGES, SIDE, BATCH, EPOCHS = 240, 60, 12, 40, 2

MODELS = [
    "flatten, linear 32, norm, relu, linear 16, norm, sigmoid, linear 10",
    "conv 8 3x3, relu, norm, maxpool 2, flatten, linear 16, relu, norm, linear 10",
    "conv 5 3x3 pad same, norm, gelu, avgpool 2, conv 6 2x2 stride 2 pad 1, norm, tanh, flatten, linear 10",
    "conv 6 5x5 stride 2, norm, leaky_relu, conv 7 1x1, relu, global_avgpool, flatten, linear 10",
]
OPTIMIZERS = {
    "optimizer=sgd lr=0.05 momentum=0.9": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9),
    "optimizer=sgd lr=0.05 momentum=0.9 nesterov=true": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True),
    "optimizer=adam lr=0.001": lambda p: torch.optim.Adam(p, 0.001),
}


def import_safetensors(build_folder):
    try:
        import safetensors.torch as module
    except ImportError:
        target = build_folder / "parity-packages"
        if not target.is_dir():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
            subprocess.run([*pip, "safetensors==0.4.5"], check=True)
        sys.path.insert(0, str(target))
        import safetensors.torch as module
    return module


def write_idx(path, array):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))


def make_data(folder):
    """Ten random pictures in noise, under MNIST's file names. Returns (images, labels) of train and test."""
    random = np.random.default_rng(0)
    classes = random.integers(0, 256, (10, SIDE, SIDE))
    parts = []
    for prefix, count in (("train", TRAIN_IMAGES), ("t10k", TEST_IMAGES)):
        labels = np.arange(count) % 10
        noise = random.integers(0, 256, (count, SIDE, SIDE))
        images = ((classes[labels] + noise) // 2).astype(np.uint8)
        write_idx(folder / f"{prefix}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", labels.astype(np.uint8))
        inputs = torch.from_numpy((images.astype(np.float64) / 127.5 - 1).astype(np.float32)).unsqueeze(1)
        parts.append((inputs, torch.from_numpy(labels)))
    return parts


def build(model, norm):
    """The nn.Sequential of a list of layers, in PyTorch's default initial state."""
    layers, shape = [], (1, SIDE, SIDE)
    for text in model.split(", "):
        kind, *words = text.split()
        number = int(re.match(r"\d+", words[0]).group()) if words else 0
        option = dict(zip(words[2::2], words[3::2])) if kind == "conv" else {}
        if kind == "linear":
            layer = nn.Linear(shape[0], number)
        elif kind == "conv":
            padding = option.get("pad", "0")
            padding = padding if padding == "same" else int(padding)
            layer = nn.Conv2d(shape[0], number, int(words[1].split("x")[0]), int(option.get("stride", 1)), padding)
        elif kind == "norm":
            batch_norm = nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d
            layer = batch_norm(shape[0]) if norm == "batch" else nn.Identity()
        else:
            layer = {
                "flatten": nn.Flatten, "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "sigmoid": nn.Sigmoid,
                "tanh": nn.Tanh, "gelu": nn.GELU, "maxpool": lambda: nn.MaxPool2d(number),
                "avgpool": lambda: nn.AvgPool2d(number), "global_avgpool": lambda: nn.AdaptiveAvgPool2d(1),
            }[kind]()  # fmt: skip
        layers.append(layer)
        with torch.no_grad():
            shape = tuple(nn.Sequential(*layers).eval()(torch.zeros(1, 1, SIDE, SIDE)).shape[1:])
    # The gradient of a bias directly before a norm is rounding error; normlab leaves that bias alone.
    for layer, following in zip(layers, layers[1:]):
        if isinstance(following, nn.modules.batchnorm._BatchNorm) and hasattr(layer, "bias"):
            layer.bias.requires_grad = False
    return nn.Sequential(*layers)


def evaluate(network, inputs, labels):
    network.eval()
    with torch.no_grad():
        logits = network(inputs)
    loss = nn.functional.cross_entropy(logits, labels).item()
    return loss, (logits.argmax(1) == labels).double().mean().item()


def train(network, optimizer, inputs, labels):
    """Mean loss of each epoch, in the data's order."""
    losses = []
    for _ in range(EPOCHS):
        network.train()
        total = 0.0
        for first in range(0, len(labels), BATCH):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(inputs[first : first + BATCH]), labels[first : first + BATCH])
            loss.backward()
            optimizer.step()
            total += loss.item() * BATCH
        losses.append(total / len(labels))
    return losses


class Normlab:
    def __init__(self, program, folder):
        self.program, self.folder, self.runs = program, folder, 0

    def run(self, model, *settings):
        """The record of one trial, and its checkpoint's path."""
        self.runs += 1
        runs = self.folder / f"runs{self.runs}"
        command = [self.program, "run", model, "--data", str(self.folder / "data"), "--runs", str(runs), "--json"]
        command += ["--quiet", "--jobs", "1", "seed=1", "validation=test", f"batch={BATCH}", f"epochs={EPOCHS}", *settings]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if result.returncode != 0:
            sys.exit(f"exit status {result.returncode} of: {' '.join(command)}")
        (trial,) = json.loads(result.stdout)["trials"]
        (checkpoint,) = runs.glob("checkpoints/*.safetensors")
        return trial, checkpoint


class Checks:
    def __init__(self):
        self.count, self.largest, self.failures = 0, 0.0, []

    def close(self, what, ours, reference):
        difference = abs(ours - reference) / max(1.0, abs(reference))
        self.count += 1
        if not difference <= TOLERANCE:
            self.failures.append(f"{what}: normlab {ours:.9g}, PyTorch {reference:.9g}")
        else:
            self.largest = max(self.largest, difference)


def check_written_checkpoint(checks, normlab, safetensors, model, norm, test):
    trial, checkpoint = normlab.run(model, f"norm={norm}", "optimizer=adam")
    network = build(model, norm)
    network.load_state_dict(safetensors.load_file(checkpoint), strict=True)
    loss, accuracy = evaluate(network, *test)
    checks.close(f"{model} norm={norm}: test loss of normlab's checkpoint", trial["test_loss"], loss)
    checks.close(f"{model} norm={norm}: test accuracy of normlab's checkpoint", trial["test_accuracy"], accuracy)


def check_read_checkpoint(checks, normlab, safetensors, model, norm, optimizer, parts):
    (inputs, labels), test = parts
    torch.manual_seed(1)
    network = build(model, norm)
    train(network, torch.optim.SGD(network.parameters(), 0.01), inputs, labels)
    start = normlab.folder / "start.safetensors"
    safetensors.save_file(network.state_dict(), start)

    settings = [f"norm={norm}", f"init={start}", "shuffle=false", *optimizer.split()]
    trial, checkpoint = normlab.run(model, *settings)
    trained = [p for p in network.parameters() if p.requires_grad]
    losses = train(network, OPTIMIZERS[optimizer](trained), inputs, labels)
    name = f"{model} norm={norm} {optimizer}"
    for epoch, loss in zip(trial["epochs"], losses):
        checks.close(f"{name}: train loss of epoch {epoch['epoch']} from PyTorch's checkpoint", epoch["train_loss"], loss)
    checks.close(f"{name}: test loss from PyTorch's checkpoint", trial["test_loss"], evaluate(network, *test)[0])
    ours, reference = safetensors.load_file(checkpoint), network.state_dict()
    if set(ours) != set(reference):
        checks.failures.append(f"{name}: tensors {sorted(ours)}, expected {sorted(reference)}")
        return
    for key, values in reference.items():
        if key.endswith("num_batches_tracked"):
            checks.close(f"{name}: {key}", ours[key].item(), values.item())


def main():
    torch.set_num_threads(1)
    program = pathlib.Path(sys.argv[1]).resolve()
    safetensors = import_safetensors(program.parent)
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "data").mkdir()
        parts = make_data(folder / "data")
        normlab = Normlab(str(program), folder)
        for model in MODELS:
            for norm in ("none", "batch"):
                check_written_checkpoint(checks, normlab, safetensors, model, norm, parts[1])
                for optimizer in OPTIMIZERS:
                    check_read_checkpoint(checks, normlab, safetensors, model, norm, optimizer, parts)
    for failure in checks.failures:
        print(f"parity: {failure}")
    if checks.failures:
        sys.exit(f"parity: {len(checks.failures)} of {checks.count} comparisons with PyTorch {torch.__version__} failed")
    print(f"parity: {checks.count} comparisons with PyTorch {torch.__version__} agree within {checks.largest:.1e} (allowed: {TOLERANCE:.0e})")


if __name__ == "__main__":
    main()
