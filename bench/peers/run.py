#!/usr/bin/env python3
"""Runs the training steps of `normlab bench` in normlab and in its peers, in turns, and compares them.

    cmake --build build/release --target normlab_peer onednn_norm
    bench/peers/run.py --python /usr/bin/python3 --python VENV/bin/python -o peers.json > peers.md

Every --python is asked whether it has PyTorch or Keras; what is there takes part. All workers of a comparison live at the same
time and take their turns round by round, so that whatever slows the machine slows all of them; the ratios are taken in each
round, their median and quartiles printed. oneDNN's batch normalization is compared by a program of its own. Markdown on standard
output, progress on standard error.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

FOLDER = pathlib.Path(__file__).resolve().parent
CASES = [("mlp-128-64", 32), ("mlp-128-64", 64), ("mlp-128-64", 256), ("mlp-512-256", 64), ("cnn-32", 32), ("cnn-32", 128),
         ("resnet-20", 128), ("airbench", 256)]
# For images in colour, where the memory format matters and a notebook's loader does not.
COLOUR = {"resnet-20", "airbench"}
# A turn lasts about so long: long against a thread pool's waking, short enough for many rounds.
TURN_SECONDS = 0.2
# Workers of thread pools spin for a while after their work, some for 200 ms, and would take the others' processors.
PAUSE_SECONDS = 0.25


class Worker:
    def __init__(self, command):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.name = None
        self.steps = 1
        self.seconds = []
        self.mib = None

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def ready(self):
        """False when the worker gave up: a peer that lacks a part, or cannot compile."""
        hello = self.read()
        if hello is None:
            return False
        self.name = hello["peer"]
        return self.take(1) is not None

    def calibrate(self):
        """Finds how many steps a turn has. Not before all others are ready: as long as they start, they take the processors."""
        first = self.take(2)
        self.steps = max(1, round(TURN_SECONDS / self.take(max(1, round(0.1 / first)))))

    def take(self, steps):
        try:
            self.process.stdin.write(f"{steps}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        answer = self.read()
        return answer and answer["seconds"]

    def turn(self):
        self.seconds.append(self.take(self.steps))

    def end(self):
        self.process.stdin.close()
        last = self.read()
        self.mib = last and last["mib"]
        self.process.wait()


def has(python, module):
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def pythons_with(pythons, module):
    return [python for python in pythons if has(python, module)]


def peer_commands(torches, kerases, model):
    """What each peer's command begins with, and its style."""
    styles = ("eager", "eager-nhwc", "compiled", "compiled-nhwc") if model in COLOUR else ("notebook", "eager", "compiled")
    commands = [([python, FOLDER / "pytorch_peer.py"], style) for python in torches for style in styles]
    if model not in COLOUR:
        commands += [([python, FOLDER / "keras_peer.py"], "fit") for python in kerases]
    return commands


def quartiles(values):
    if len(values) < 2:
        return [values[0]] * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def compare(ours, commands, model, batch, threads, rounds):
    settings = [model, batch, "batch", threads]
    workers = [Worker([ours, *settings])] + [Worker([*command, *settings, style]) for command, style in commands]
    taking_part = []
    for worker in workers:
        if worker.ready():
            taking_part.append(worker)
    for worker in taking_part:
        time.sleep(PAUSE_SECONDS)
        worker.calibrate()
    for number in range(rounds):
        for worker in taking_part if number % 2 == 0 else reversed(taking_part):
            worker.turn()
            time.sleep(PAUSE_SECONDS)
    for worker in workers:
        worker.end()
    own = taking_part[0].seconds
    results = []
    for worker in taking_part:
        q1, median, q3 = quartiles([theirs / mine for theirs, mine in zip(worker.seconds, own)])
        results.append({"peer": worker.name, "seconds": statistics.median(worker.seconds), "ratio": median,
                        "quartiles": [q1, q3], "n": rounds, "mib": worker.mib})
    return {"model": model, "batch": batch, "norm": "batch", "threads": threads, "peers": results}


def time_text(seconds):
    return f"{seconds * 1e6:.0f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


def memory_table(steps):
    """What model and steps took of memory at most."""
    lines = ["| model | batch | threads | peer | memory, MiB |", "| --- | ---: | ---: | --- | ---: |"]
    for step in steps:
        for peer in step["peers"]:
            if peer["mib"] is not None:
                lines.append(f"| {step['model']} | {step['batch']} | {step['threads']} | {peer['peer']} | {peer['mib']:.0f} |")
    return "\n".join(lines)


def steps_table(steps):
    names = list(dict.fromkeys(peer["peer"] for step in steps for peer in step["peers"]))
    lines = ["| training step | batch | threads | " + " | ".join(names) + " |",
             "| --- | ---: | ---: |" + " ---: |" * len(names)]
    for step in steps:
        by_name = {peer["peer"]: peer for peer in step["peers"]}
        cells = []
        for name in names:
            peer = by_name.get(name)
            if peer is None:
                cells.append("")
            elif name == names[0]:
                cells.append(time_text(peer["seconds"]))
            else:
                low, high = peer["quartiles"]
                cells.append(f"{time_text(peer['seconds'])}, **{peer['ratio']:.1f}x** ({low:.1f} to {high:.1f})")
        lines.append(f"| {step['model']} | {step['batch']} | {step['threads']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def norms_table(norms):
    lines = [f"| kernel | shape | normlab | oneDNN {norms['onednn']} | ratio | quartiles |",
             "| --- | --- | ---: | ---: | ---: | ---: |"]
    for norm in norms["norms"]:
        low, high = norm["quartiles"]
        lines.append(f"| {norm['name']} | {norm['shape']} | {time_text(norm['normlab_seconds'])} | "
                     f"{time_text(norm['onednn_seconds'])} | **{norm['ratio']:.2f}x** | {low:.2f} to {high:.2f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=FOLDER.parents[1] / "build/release", help="the build folder")
    parser.add_argument("--python", action="append", default=[], help="an interpreter that may have peers; can be repeated")
    parser.add_argument("--threads", type=int, action="append", help="1 and 2 unless given")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", action="append", default=[],
                        help="only models in whose name this occurs; can be repeated. Unless given, all but the large ones")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="the same as JSON")
    options = parser.parse_args()
    programs = options.build / "bench/peers"
    print("oneDNN's batch normalization", file=sys.stderr)
    pythons = options.python or [sys.executable]
    torches, kerases = pythons_with(pythons, "torch"), pythons_with(pythons, "keras")
    norms = json.loads(subprocess.run([programs / "onednn_norm"], check=True, capture_output=True, text=True).stdout)
    steps = []
    for model, batch in CASES:
        if not (any(part in model for part in options.only) if options.only else model not in COLOUR):
            continue
        commands = peer_commands(torches, kerases, model)
        for threads in options.threads or (1, 2):
            print(f"{model}, batch {batch}, {threads} thread(s)", file=sys.stderr)
            steps.append(compare(programs / "normlab_peer", commands, model, batch, threads, options.rounds))
            if options.output:  # as it goes, so that what is interrupted leaves what it found
                options.output.write_text(json.dumps({"steps": steps, "norms": norms}, indent=1) + "\n")
    print(steps_table(steps), memory_table(steps), norms_table(norms), sep="\n\n")


main()
