"""Prints the numbers in normlab/kernels/optimizer_golden.h. Needs Debian's python3-torch (1.13).

    python3 tests/golden/optimizer.py | $(tools/clang_format.sh) > normlab/kernels/optimizer_golden.h

Ten steps in double on sum(curvature / 2 * (w - target)^2), one parameter each.
"""

import torch

CURVATURE = [1.0, 0.5, 4.0, 0.03125, 0.25]
TARGET = [0.0, 1.0, -2.0, 8.0, -0.5]
START = [1.0, -1.0, 0.5, 0.25, -0.5]
STEPS = 10

SGD = [
    dict(lr=0.125, momentum=0.0, nesterov=False, weight_decay=0.0),
    dict(lr=0.125, momentum=0.0, nesterov=False, weight_decay=0.25),
    dict(lr=0.0625, momentum=0.875, nesterov=False, weight_decay=0.0),
    dict(lr=0.0625, momentum=0.875, nesterov=True, weight_decay=0.125),
    dict(lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.0005),
]
ADAM = [
    dict(lr=0.125, betas=(0.875, 0.96875), eps=2.0 ** -20, weight_decay=0.0),
    dict(lr=0.125, betas=(0.875, 0.96875), eps=2.0 ** -4, weight_decay=0.25),
    dict(lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
]


def descend(optimizer_class, options):
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    curvature, target = (torch.tensor(v, dtype=torch.float64) for v in (CURVATURE, TARGET))
    optimizer = optimizer_class([weights], **options)
    for _ in range(STEPS):
        optimizer.zero_grad()
        (curvature / 2 * (weights - target) ** 2).sum().backward()
        optimizer.step()
    return weights.tolist()


def braces(values):
    return "{" + ", ".join(repr(v) for v in values) + "}"


def main():
    print("#pragma once\n\n#include <array>\n")
    print(f"/// Made by tests/golden/optimizer.py with PyTorch {torch.__version__.split('a')[0]}.")
    print("namespace normlab::golden {\n")
    print(f"inline constexpr int kSteps = {STEPS};")
    print("using Five = std::array<double, 5>;")
    for name, values in (("kCurvature", CURVATURE), ("kTarget", TARGET), ("kStart", START)):
        print(f"inline constexpr Five {name} = {braces(values)};")
    print("\nstruct Sgd { double lr; double momentum; bool nesterov; double weight_decay; Five end; };")
    print(f"inline constexpr std::array<Sgd, {len(SGD)}> kSgd = {{{{")
    for o in SGD:
        print(f"{{{o['lr']}, {o['momentum']}, {str(o['nesterov']).lower()}, {o['weight_decay']}, "
              f"{braces(descend(torch.optim.SGD, o))}}},")
    print("}};")
    print("\nstruct Adam { double lr; double beta1; double beta2; double eps; double weight_decay; "
          "Five adam_end; Five adamw_end; };")
    print(f"inline constexpr std::array<Adam, {len(ADAM)}> kAdam = {{{{")
    for o in ADAM:
        print(f"{{{o['lr']}, {o['betas'][0]}, {o['betas'][1]}, {o['eps']}, {o['weight_decay']}, "
              f"{braces(descend(torch.optim.Adam, o))}, {braces(descend(torch.optim.AdamW, o))}}},")
    print("}};")
    print("\n}  // namespace normlab::golden")


main()
