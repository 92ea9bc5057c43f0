"""Prints the numbers in normlab/optim/schedule_golden.h. Needs Debian's python3-torch (1.13).

    python3 tests/golden/schedule.py | $(tools/clang_format.sh) > normlab/optim/schedule_golden.h

The learning rates of 30 steps in epochs of 3, by PyTorch's schedulers; the largest is 0.4.
"""

import warnings

import torch
from torch.optim import lr_scheduler

STEPS, STEPS_PER_EPOCH, LR = 30, 3, 0.4


def rates(schedule, warmup=0):
    """Of `schedule(optimizer, steps)`; with a warm-up, after so many steps of it."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    after = schedule(optimizer, STEPS - warmup)
    scheduler = after
    if warmup:
        before = lr_scheduler.LinearLR(optimizer, 1 / warmup, 1, warmup - 1)
        scheduler = lr_scheduler.SequentialLR(optimizer, [before, after], [warmup])
    per_epoch = isinstance(after, (lr_scheduler.StepLR, lr_scheduler.MultiStepLR))
    values = []
    for step in range(1, STEPS + 1):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if not per_epoch or step % STEPS_PER_EPOCH == 0:
            scheduler.step()
    return values


def cosine(end):
    return lambda optimizer, steps: lr_scheduler.CosineAnnealingLR(optimizer, steps, end * LR)


def linear(end):
    return lambda optimizer, steps: lr_scheduler.LinearLR(optimizer, 1, end, steps)


CASES = [
    ("step, .every_epochs = 3, .factor = 0.5", lambda o, _: lr_scheduler.StepLR(o, 3, 0.5), 0),
    ("milestones, .factor = 0.1, .milestones = {2, 7}", lambda o, _: lr_scheduler.MultiStepLR(o, [2, 7], 0.1), 0),
    ("cosine", cosine(0), 0),
    ("cosine, .end = 0.25", cosine(0.25), 0),
    ("cosine, .end = 0.25, .warmup_epochs = 5 / 3.0", cosine(0.25), 5),
    ("linear, .end = 0.0625", linear(0.0625), 0),
    ("linear, .warmup_epochs = 4 / 3.0", linear(0), 4),
]


def main():
    warnings.simplefilter("ignore")
    print('#pragma once\n\n#include <array>\n#include <vector>\n\n#include "normlab/optim/options.h"\n')
    print(f"/// Made by tests/golden/schedule.py with PyTorch {torch.__version__.split('a')[0]}.")
    print("namespace normlab::golden {\n")
    print(f"inline constexpr int kScheduleSteps = {STEPS};\ninline constexpr int kStepsPerEpoch = {STEPS_PER_EPOCH};")
    print(f"inline constexpr double kLargestRate = {LR};\n")
    print("struct ScheduleCase { ScheduleOptions options; std::array<double, kScheduleSteps> rates; };")
    print("inline const std::vector<ScheduleCase> kSchedules = {")
    for options, schedule, warmup in CASES:
        values = ", ".join(repr(value) for value in rates(schedule, warmup))
        print(f"{{{{.kind = ScheduleKind::{options}}}, {{{values}}}}},")
    print("};\n\n}  // namespace normlab::golden")


main()
