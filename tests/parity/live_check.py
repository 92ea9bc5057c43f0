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
    "conv 6 3x3 pad same bias off, norm, relu, 2 x (residual(conv 6 3x3 pad same, norm, relu, conv 6 3x3 pad same bias off, "
    "norm gamma 0.5), relu), residual(conv 8 3x3 stride 2 pad 1, norm | conv 8 1x1 stride 2 bias off, norm), relu, "
    "global_avgpool, flatten, linear 10",
    "flatten, linear 24, relu, residual(norm, relu, linear 24, residual(linear 24, norm, tanh), scale 0.3), residual(linear 24, "
    "scale 0), sigmoid, linear 10",
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


class Residual(nn.Module):
    """body(x) + shortcut(x), the shortcut being x itself when it is empty."""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Scale(nn.Module):
    def __init__(self, initial):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), initial))

    def forward(self, x):
        return self.weight * x


def split_list(text, separator=","):
    """The parts of a list, not looking into parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def make_layer(text, channels):
    """One plain layer for an input with so many channels (or numbers); a norm slot stays empty."""
    kind, *words = text.split()
    number = int(re.match(r"\d+", words[0]).group()) if words and words[0][0].isdigit() else 0
    option = {word: value for word, value in zip(words, words[1:]) if word in ("stride", "pad", "bias")}
    bias = option.get("bias") != "off"
    if kind == "linear":
        return nn.Linear(channels, number, bias=bias)
    if kind == "conv":
        padding = option.get("pad", "0")
        padding = padding if padding == "same" else int(padding)
        kernel = int(words[1].split("x")[0])
        return nn.Conv2d(channels, number, kernel, int(option.get("stride", 1)), padding, bias=bias)
    if kind == "scale":
        return Scale(float(words[0]))
    return {
        "flatten": nn.Flatten, "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh,
        "gelu": nn.GELU, "maxpool": lambda: nn.MaxPool2d(number), "avgpool": lambda: nn.AvgPool2d(number),
        "global_avgpool": lambda: nn.AdaptiveAvgPool2d(1), "norm": nn.Identity,
    }[kind]()  # fmt: skip


def build_list(text, shape, norm):
    """The layers of a list and the shape that comes out."""
    layers = []
    for part in split_list(text):
        repeats = re.match(r"(\d+) *x *\((.*)\)$", part)
        block = re.match(r"residual\((.*)\)$", part)
        if repeats:
            for _ in range(int(repeats.group(1))):
                more, shape = build_list(repeats.group(2), shape, norm)
                layers += more
            continue
        if block:
            body, *shortcut = split_list(block.group(1), "|")
            body = build_list(body, shape, norm)[0]
            layers.append(Residual(body, build_list(shortcut[0], shape, norm)[0] if shortcut else []))
        elif part.split()[0] == "norm" and norm == "batch":
            layers.append((nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d)(shape[0]))
            gamma = re.search(r"gamma (\S+)", part)
            if gamma:
                nn.init.constant_(layers[-1].weight, float(gamma.group(1)))
        else:
            layers.append(make_layer(part, shape[0]))
        with torch.no_grad():
            shape = tuple(layers[-1].eval()(torch.zeros(1, *shape)).shape[1:])
    # The gradient of a bias directly before a norm is rounding error; normlab leaves that bias alone.
    for layer, following in zip(layers, layers[1:]):
        if isinstance(following, nn.modules.batchnorm._BatchNorm) and getattr(layer, "bias", None) is not None:
            layer.bias.requires_grad = False
    return layers, shape


def build(model, norm):
    """The nn.Sequential of a list of layers, in PyTorch's default initial state."""
    return nn.Sequential(*build_list(model, (1, SIDE, SIDE), norm)[0])


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
