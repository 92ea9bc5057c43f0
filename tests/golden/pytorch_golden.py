#!/usr/bin/python3
"""Trains mlp-128-64 and cnn-32, with and without batch norm, by SGD and Adam, in PyTorch, and writes what
tests/parity/pytorch_golden_test.cc compares normlab with:

    /usr/bin/python3 tests/golden/pytorch_golden.py        # a few minutes; writes pytorch.safetensors beside itself

Needs Debian's python3-torch and nothing else. Images, labels and initial weights follow from Philox by integer
arithmetic, so that both sides compute them and no file holds them.

The numbers are PyTorch's in float64. Its float32 run must stay within half of the test's tolerances, else the script
fails: 200 steps of training can amplify rounding errors without bound, and then a comparison shows nothing. What keeps
the eight cases well conditioned:
  - Few distinct images, 16 batches of them, for cnn-32 two.
  - In the MLP one sign that differs at a ReLU's input changes the logits by 1e-4. 39 seeds of the weights were tried for
    each case, and that one taken whose ReLU inputs stay farthest from zero, measured in rounding errors.
  - In cnn-32 a ReLU stands before the norm. A unit that is active for one image of a batch only has its tiny output
    blown up to unit variance; so the biases of its linear layer start at +3 or -3: units are mostly on, every fourth off.
  - Where such a unit is on for all images, the norm takes its bias away, and the bias' gradient is rounding error, which
    Adam would turn into steps of full size: adam_eps is 1e-5 there, a thousand times the default.
  - A bias directly before a norm has no gradient but rounding error, always. normlab keeps it at its initial value, so
    it is frozen here.
"""

import json
import pathlib
import struct
import sys
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

STEPS = 200
EVALUATED_IMAGES = 16
PURPOSE_TEST = 8  # Purpose::test of normlab/base/philox.h
DATA_SEED = 1
PIXELS = 28 * 28
TOLERANCES = {"losses": 1e-4, "statistics": 1e-5, "logits": 1e-5}


@dataclass(frozen=True)
class Case:
    model: str
    norm: str
    optimizer: str
    batch: int
    batches: int
    lr: float
    seed: int  # of the initial weights
    adam_eps: float = 1e-8

    @property
    def name(self):
        return f"{self.model}/{self.norm}/{self.optimizer}"


CASES = [
    Case("mlp-128-64", "none", "sgd", batch=64, batches=16, lr=0.01, seed=30),
    Case("mlp-128-64", "none", "adam", batch=64, batches=16, lr=0.001, seed=36),
    Case("mlp-128-64", "batch", "sgd", batch=64, batches=16, lr=0.01, seed=25),
    Case("mlp-128-64", "batch", "adam", batch=64, batches=16, lr=0.001, seed=12),
    Case("cnn-32", "none", "sgd", batch=32, batches=2, lr=0.01, seed=2),
    Case("cnn-32", "none", "adam", batch=32, batches=2, lr=0.0001, adam_eps=1e-5, seed=2),
    Case("cnn-32", "batch", "sgd", batch=32, batches=2, lr=0.01, seed=2),
    Case("cnn-32", "batch", "adam", batch=32, batches=2, lr=0.0001, adam_eps=1e-5, seed=2),
]


def philox(seed, index, count):
    """The first `count` words of normlab's Philox(seed, Purpose::test, index)."""
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    block = np.arange((count + 3) // 4, dtype=np.uint64)
    zero = np.zeros_like(block)
    c0, c1, c2, c3 = block, zero + np.uint64(index), zero, zero + np.uint64(PURPOSE_TEST)
    key0, key1 = seed, 0
    for _ in range(10):
        product0, product1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (
            (product1 >> half) ^ c1 ^ np.uint64(key0),
            product1 & mask,
            (product0 >> half) ^ c3 ^ np.uint64(key1),
            product0 & mask,
        )
        key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=1).reshape(-1)[:count]


def images_and_labels(count):
    """Bytes: a quarter of the class's random image, three quarters of one of its own. Image i is of class i mod 10."""
    labels = np.arange(count) % 10
    classes = (philox(DATA_SEED, 0, 10 * PIXELS) >> np.uint64(24)).reshape(10, PIXELS)
    own = (philox(DATA_SEED, 1, count * PIXELS) >> np.uint64(24)).reshape(count, PIXELS)
    return (classes[labels] + np.uint64(3) * own) >> np.uint64(2), labels


def initial_values(seed, layer, part, parameter, fan_in):
    """Uniform in [-1, 1) / sqrt(fan_in); part 0 is the weight, 1 the bias of layer `layer` of the nn.Sequential."""
    unit = (philox(seed, 2 * layer + part, parameter.numel()) >> np.uint64(8)).astype(np.float64) * 2.0**-24
    return ((2 * unit - 1) / np.sqrt(fan_in)).astype(np.float32)


def build(case):
    def norm(kind, channels):
        return kind(channels) if case.norm == "batch" else nn.Identity()

    if case.model == "mlp-128-64":
        layers = [
            nn.Flatten(),
            nn.Linear(PIXELS, 128), norm(nn.BatchNorm1d, 128), nn.ReLU(),
            nn.Linear(128, 64), norm(nn.BatchNorm1d, 64), nn.ReLU(),
            nn.Linear(64, 10),
        ]  # fmt: skip
    else:
        layers = [
            nn.Conv2d(1, 32, 3), nn.ReLU(), norm(nn.BatchNorm2d, 32), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(13 * 13 * 32, 128), nn.ReLU(), norm(nn.BatchNorm1d, 128),
            nn.Linear(128, 10),
        ]  # fmt: skip
    for i, layer in enumerate(layers):
        if not isinstance(layer, (nn.Linear, nn.Conv2d)):
            continue
        fan_in = layer.weight[0].numel()
        for part, parameter in enumerate((layer.weight, layer.bias)):
            values = initial_values(case.seed, i, part, parameter, fan_in)
            if case.model == "cnn-32" and i == 5 and part == 1:
                values += np.where(np.arange(values.size) % 4 == 3, np.float32(-3), np.float32(3))
            parameter.data = torch.from_numpy(values.reshape(parameter.shape))
        if i + 1 < len(layers) and isinstance(layers[i + 1], (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.bias.requires_grad = False
    return nn.Sequential(*layers)


def train(case, dtype):
    """Named arrays: the loss of each step, the running statistics at the end, logits in evaluation mode."""
    network = build(case).to(dtype)
    trained = [p for p in network.parameters() if p.requires_grad]
    if case.optimizer == "sgd":
        optimizer = torch.optim.SGD(trained, case.lr, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(trained, case.lr, eps=case.adam_eps)
    pixels, labels = images_and_labels(case.batches * case.batch)
    inputs = (pixels.astype(np.float64) / 127.5 - 1).astype(np.float32).reshape(-1, 1, 28, 28)
    x, y = torch.from_numpy(inputs).to(dtype), torch.from_numpy(labels)

    losses = []
    for step in range(STEPS):
        first = step % case.batches * case.batch
        batch = slice(first, first + case.batch)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    network.eval()
    with torch.no_grad():
        logits = network(x[:EVALUATED_IMAGES])
    arrays = {"losses": np.array(losses), "logits": logits.double().numpy()}
    for name, value in network.state_dict().items():
        if name.endswith(("running_mean", "running_var")):
            arrays[name] = value.double().numpy()
    return arrays


def largest_deviations(single, double):
    """Of the losses, relative; of statistics and logits, relative where they are above 1."""
    def mixed(name):
        return float(np.max(np.abs(single[name] - double[name]) / np.maximum(1, np.abs(double[name]))))

    losses = float(np.max(np.abs(single["losses"] - double["losses"]) / double["losses"]))
    statistics = max((mixed(name) for name in double if "running" in name), default=0.0)
    return {"losses": losses, "statistics": statistics, "logits": mixed("logits")}


def write_safetensors(path, arrays, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in arrays.items():
        values = np.ascontiguousarray(array, dtype="<f8").tobytes()
        header[name] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.set_num_threads(1)
    golden, metadata = {}, {"made_by": f"tests/golden/pytorch_golden.py, PyTorch {torch.__version__}, float64"}
    for case in CASES:
        double = train(case, torch.float64)
        deviations = largest_deviations(train(case, torch.float32), double)
        summary = ", ".join(f"{what} {value:.1e}" for what, value in deviations.items())
        first, last = double["losses"][0], double["losses"][-1]
        print(f"{case.name}: loss {first:.3f} -> {last:.2g}; float32 deviates by {summary}", flush=True)
        if not all(deviations[what] <= TOLERANCES[what] / 2 for what in TOLERANCES):
            sys.exit(f"{case.name} is too badly conditioned for this comparison")
        metadata[case.name] = f"float32 deviates by {summary}"
        golden.update({f"{case.name}/{name}": array for name, array in double.items()})
    write_safetensors(pathlib.Path(__file__).with_name("pytorch.safetensors"), golden, metadata)


if __name__ == "__main__":
    main()
