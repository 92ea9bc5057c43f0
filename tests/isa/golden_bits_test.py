#!/usr/bin/env python3
"""The bits of training, pinned: golden_bits_test.py PROGRAM [--write]

Small networks with every kind of stage are trained for a few steps on every instruction set; their losses must be the
same to the last bit as those in golden_bits.json, which holds them for each version of oneDNN and each instruction set.
Where they are not, results of the same settings have changed: raise kNumericsVersion (normlab/lab/trial_id.h), say there
what changed, and write the file anew with --write. Versions that the file lacks are skipped with a word.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from images import write_images

GOLDEN = pathlib.Path(__file__).parent / "golden_bits.json"
# Few inputs everywhere: no cache size decides how oneDNN cuts a sum.
MODELS = {
    "dense": "flatten, linear 17, norm, relu, linear 9, relu, norm, dropout 0.2, linear 3",
    "activations": "flatten, linear 9, gelu, norm, linear 9, norm, tanh, linear 9, sigmoid, linear 3",
    "convolution": "conv 5 3x3 pad same, norm, relu, conv 6 3x3 stride 2, relu, norm, avgpool 2, flatten, linear 3",
    "pooled convolution": "conv 16 3x3, relu, norm, maxpool 2, flatten, linear 3",
    "residual": "conv 5 3x3 pad same bias off, norm, relu, residual(conv 5 3x3 pad same bias off, norm, relu, "
                "conv 5 3x3 pad same bias off, norm), relu, residual(conv 7 3x3 stride 2 pad 1, norm | "
                "conv 7 1x1 stride 2), relu, global_avgpool, flatten, residual(linear 7, scale 0.1), linear 3",
}
OPTIMIZERS = {"adam": ["optimizer=adam", "lr=0.01", "batch=32"],
              "sgd": ["optimizer=sgd", "lr=0.05", "momentum=0.9", "weight_decay=0.001", "batch=41"]}


def run(program: str, isa: str, *arguments: str) -> str:
    result = subprocess.run([program, *arguments], capture_output=True, text=True, check=False,
                            env={**os.environ, "NORMLAB_ISA": isa})
    if result.returncode != 0:
        sys.exit(f"NORMLAB_ISA={isa} {program} {' '.join(arguments)}: status {result.returncode}\n{result.stderr}")
    return result.stdout


def bits(program: str, isa: str, folder: pathlib.Path) -> dict[str, str]:
    """Loss after training, as hexadecimal floats, by model and optimizer."""
    found = {}
    for model, text in MODELS.items():
        for optimizer, settings in OPTIMIZERS.items():
            output = run(program, isa, "run", text, "norm=batch", "seed=1", "steps=12", *settings, f"data={folder}", "--quiet",
                         "--no-report", "--json", "--runs", str(folder / isa))
            trial = json.loads(output)["trials"][0]
            losses = (trial["epochs"][-1]["train_loss"], trial["epochs"][-1]["validation_loss"], trial["test_loss"])
            found[f"{model}, {optimizer}"] = " ".join(float(loss).hex() for loss in losses)
    return found


def main() -> None:
    program = sys.argv[1]
    write = "--write" in sys.argv[2:]
    version = run(program, "", "version")
    numerics = int(re.search(r"^numerics: (\d+)$", version, re.MULTILINE).group(1))
    onednn = re.search(r"oneDNN (\d+\.\d+)", version).group(1)
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if golden.get("numerics") != numerics:
        if not write:
            sys.exit(f"{GOLDEN.name} is of numerics {golden.get('numerics')}, the program of {numerics}: write it anew with --write")
        golden = {"numerics": numerics}
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        write_images(pathlib.Path(folder), "train", 300)
        write_images(pathlib.Path(folder), "t10k", 60)
        for isa in re.search(r"\(of ([^;]*);", version).group(1).split(", "):
            key = f"oneDNN {onednn}, {isa}"
            if not write and key not in golden:
                print(f"skipped: {GOLDEN.name} has nothing for {key}")
                continue
            found = bits(program, isa, pathlib.Path(folder))
            if write:
                golden[key] = found
                continue
            failures += [f"{key}: {name}: {value}, expected {golden[key].get(name)}"
                         for name, value in found.items() if value != golden[key].get(name)]
    if write:
        GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")
    if failures:
        sys.exit("\n".join(["the same settings give other bits than they did:", *failures,
                            "if that is meant, raise kNumericsVersion and run golden_bits_test.py PROGRAM --write"]))


if __name__ == "__main__":
    main()
