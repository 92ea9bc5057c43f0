"""Five seeds on real MNIST have the distribution that PyTorch's five seeds have.

mlp-128-64, 5 epochs, Adam 1e-3, batch 64, 48,000 images to train and 12,000 to validate. A mean of ours may be off by three
standard errors of the difference of the two means.

    NORMLAB_DATA=... python3 tests/parity/mnist_check.py build/release/normlab
"""

import json
import math
import subprocess
import sys
import tempfile

SEEDS = 5

# (mean, standard deviation) over five seeds of PyTorch 1.13, without and with batch normalization.
PYTORCH = {
    "validation_accuracy": {"none": (0.9597, 0.0021), "batch": (0.9750, 0.0013)},
    "test_accuracy": {"none": (0.9614, 0.0027), "batch": (0.9755, 0.0010)},
    "first_train_loss": {"none": (0.435, 0.007), "batch": (0.288, 0.001)},
}


def run(program):
    with tempfile.TemporaryDirectory(prefix="normlab-mnist-") as folder:
        command = [program, "run", "mlp-128-64-adam", "--data", "mnist", f"seed=1..{SEEDS}", "--runs", folder, "--json",
                   "--quiet"]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def values_of(study, metric):
    """By norm: the metric of every seed."""
    norms = {arm["id"]: arm["settings"]["norm"] for arm in study["arms"]}
    values = {}
    for trial in study["trials"]:
        first = metric == "first_train_loss"
        value = (trial["epochs"][0]["train_loss"] if first
                 else trial["epochs"][-1][metric] if metric in trial["epochs"][-1] else trial[metric])
        values.setdefault(norms[trial["arm"]], []).append(value)
    return values


def main():
    study = run(sys.argv[1])
    failed = 0
    for metric, expected in PYTORCH.items():
        for norm, values in values_of(study, metric).items():
            mean = sum(values) / len(values)
            variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
            reference, deviation = expected[norm]
            error = math.sqrt((variance + deviation ** 2) / SEEDS)
            distance = abs(mean - reference) / error
            agrees = len(values) == SEEDS and distance <= 3
            failed += not agrees
            print(f"{metric} norm={norm}: {mean:.4f} (sd {math.sqrt(variance):.4f}), PyTorch {reference:.4f} "
                  f"(sd {deviation:.4f}): {distance:.1f} standard errors apart{'' if agrees else ', MORE THAN 3'}")
    print(f"{6 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
