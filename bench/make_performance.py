#!/usr/bin/env python3
"""Writes docs/performance.md from what was measured:

    bench/make_performance.py bench.json peers.json bench/notes.md > docs/performance.md

bench.json is the output of `normlab bench --json`, peers.json what bench/peers/run.py wrote; notes.md is kept as it is, at
the end. `make performance` does all of it.
"""

import json
import pathlib
import sys

GIGA = 1e9
BEYOND_CACHES = 256 << 20


def time_text(seconds):
    for unit, factor in (("us", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def percent(share):
    return f"{100 * share:.0f} %"


def exact_percent(share):
    return f"{100 * share:.1f} %"


def table(header, alignment, rows):
    rules = {"l": "---", "r": "---:"}
    lines = [header, [rules[letter] for letter in alignment], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def find(entries, **wanted):
    return next((entry for entry in entries if all(entry.get(key) == value for key, value in wanted.items())), None)


class Target:
    """One line of the table: what is wanted, what was measured, or None where it was not, and the better quartile of it."""

    def __init__(self, text, wanted, measured, show=exact_percent, most=False, quartile=None):
        self.text, self.wanted, self.measured, self.show, self.most = text, wanted, measured, show, most
        self.quartile = quartile

    def row(self):
        bound = f"{'at most' if self.most else 'at least'} {self.show(self.wanted)}"
        if self.measured is None:
            return [self.text, bound, "not measured", "", ""]
        reached = self.measured <= self.wanted if self.most else self.measured >= self.wanted
        quartile = "" if self.quartile is None else self.show(self.quartile)
        return [self.text, bound, self.show(self.measured), quartile, "yes" if reached else "no"]


def factor(value):
    return f"{value:.2f}x"


def at_first_quartile(entry, share):
    """A share of a limit, as it is at the first quartile of the times."""
    return entry[share] * entry["seconds"] / entry["quartiles"][0]


def step_targets(bench):
    for model, optimizer, batch, share in (("mlp-128-64", "Adam", 64, 0.80), ("mlp-128-64", "Adam", 32, 0.70),
                                           ("mlp-128-64", "Adam", 256, 0.88), ("mlp-512-256", "SGD momentum", 64, 0.80),
                                           ("cnn-32", "Adam", 32, 0.65), ("cnn-32", "Adam", 128, 0.72)):
        step = find(bench["steps"], model=model, batch=batch, norm="batch", threads=1)
        yield Target(f"{model}, {optimizer}, batch {batch}: step, share of FMA peak, 1 thread", share,
                     step and step["share_of_peak"], quartile=step and at_first_quartile(step, "share_of_peak"))
    for model, batch, share in (("mlp-128-64", 64, 0.03), ("mlp-512-256", 64, 0.03), ("cnn-32", 32, 0.08)):
        cost = find(bench["norm_cost"], model=model, batch=batch, threads=1)
        # Of the step with normalization.
        yield Target(f"{model}, batch {batch}: normalization's share of the step", share, cost and 1 - 1 / cost["ratio"],
                     most=True)


def bf16_targets(bench):
    place = {"model": "mlp-512-256", "batch": 64, "norm": "batch", "threads": 1}
    bf16 = find(bench["steps"], **place, precision="bf16")
    # Measured where the machine reports AVX512-BF16.
    ratio = bf16 and find(bench["steps"], **place, precision="float")["seconds"] / bf16["seconds"]
    yield Target("mlp-512-256, batch 64: bf16 against float, 1 thread", 1.4, ratio, factor)


def kernel_targets(bench):
    for name in ("norm_forward_train", "norm_forward_train_relu", "norm_forward_eval", "norm_backward_train",
                 "norm_backward_train_relu"):
        kernel = find(bench["kernels"], name=name, shape="802816x64")
        yield Target(f"{name} beyond the last cache (802816 x 64): share of bandwidth", 0.85,
                     kernel and kernel["share_of_limit"],
                     quartile=kernel and at_first_quartile(kernel, "share_of_limit"))


def scaling_targets(bench):
    limit = find(bench["scaling"], kind="limit")
    beside = f" (two loops of multiply-adds: {factor(limit['ratio'])})" if limit else ""
    for kind, model, batch, wanted, text in (("trials", "mlp-128-64", 64, 1.95, "two trials on two cores against one"),
                                             ("threads", "cnn-32", 128, 1.8, "one trial on two threads")):
        scaling = find(bench["scaling"], kind=kind, model=model, batch=batch)
        yield Target(f"{model}, batch {batch}: {text}{beside}", wanted, scaling and scaling["ratio"], factor,
                     quartile=scaling and scaling["quartiles"][1])


def peer_targets(peers):
    for model, batch, tuned in (("mlp-128-64", 64, 3), ("mlp-512-256", 64, 3), ("cnn-32", 32, 5)):
        for threads in (1, 2):
            step = find(peers["steps"], model=model, batch=batch, threads=threads)
            if step is None:
                continue
            ratios = {peer["peer"]: peer["ratio"] for peer in step["peers"]}
            fastest = [ratio for name, ratio in ratios.items() if "eager" in name or "compiled" in name]
            notebook = [ratio for name, ratio in ratios.items() if "notebook" in name]
            place = f"{model}, batch {batch}, {threads} thread{'s' if threads > 1 else ''}"
            yield Target(f"{place}: against the fastest tuned PyTorch", tuned, min(fastest, default=None), factor)
            yield Target(f"{place}: against the fastest notebook loop", 20, min(notebook, default=None), factor)


def limits_section(limits):
    by_isa = ", ".join(f"{name} {gflops:.0f}" for name, gflops in limits["fma_gflops_by_instruction_set"].items())
    sizes = sorted({entry["working_set_bytes"] for entry in limits["bandwidth"]})
    mixes = ["read", "write", "copy", "update"]
    rows = [[f"{size / (1 << 20):.3g} MiB",
             *(f"{find(limits['bandwidth'], working_set_bytes=size, mix=mix)['gb_per_s']:.1f}" for mix in mixes)]
            for size in sizes]
    return (f"FMA peak of one core: **{limits['fma_gflops_per_core']:.0f} GFLOP/s** (by instruction set, best of some "
            f"milliseconds: {by_isa}).\n"
            f"Memory, read twice and written once: **{limits['bandwidth_gb_per_s']:.1f} GB/s**.\n\n"
            + table(["working set", *(f"{mix}, GB/s" for mix in mixes)], "lrrrr", rows))


def steps_section(steps):
    rows = [[step["model"], step["batch"], step["optimizer"], step["norm"], step["precision"], step["threads"], time_text(step["seconds"]),
             f"{time_text(step['quartiles'][0])} to {time_text(step['quartiles'][1])}", f"{step['gflops']:.0f}",
             percent(step["share_of_peak"])] for step in steps]
    return table(["model", "batch", "optimizer", "norm", "precision", "threads", "step", "quartiles", "GFLOP/s", "of peak"],
                 "lrlllrrrrr", rows)


def bounds_section(steps):
    rows = []
    for step in steps:
        if step["threads"] != 1 or step["norm"] != "batch" or step["precision"] != "float":
            continue
        shares = {"optimizer": 0, "norm": 0, "gather and loss": 0} | step["time_by_kind"]
        products = sum(shares[kind] for kind in ("linear", "conv") if kind in shares)
        rows.append([step["model"], step["batch"],
                     *(time_text(share * step["seconds"]) for share in
                       (products, shares["optimizer"], shares["norm"], shares["gather and loss"])),
                     percent(step["share_of_peak"] / products), percent(step["share_of_peak"]),
                     percent(step["share_of_peak"] / (step["share_of_peak"] + 1 - products))])
    return ("What bounds a step with batch norm on one thread: the layers with products take so long and come to so much of the "
            "peak. If they ran at the peak itself and all else as it does, optimizer and norms being near the bandwidth of "
            "their working sets or near what their instructions take, the step would come to what the last column says.\n\n"
            + table(["model", "batch", "linear and conv", "optimizer", "norms", "gather, loss", "linear and conv, of peak",
                     "step, of peak", "at most"], "lrrrrrrrr", rows))


def layers_section(steps):
    rows = [[step["model"], step["batch"], part["layer"],
             *(time_text(part[way] * step["seconds"]) if part[way] > 0 else "" for way in ("forward", "backward")),
             percent(part["forward"] + part["backward"])]
            for step in steps if step["threads"] == 1 and step["norm"] == "batch" and step["precision"] == "float"
            for part in step["time_by_layer"]]
    return ("The same by layer. One that runs inside the layer before it counts for that where one loop does both "
            "(`normlab/nn/layer_times.h`).\n\n"
            + table(["model", "batch", "", "forward", "backward", "of the step"], "lrlrrr", rows))


def kernels_section(kernels):
    def rate(kernel):
        if kernel["gb_per_s"] is not None:
            return f"{kernel['gb_per_s']:.1f} GB/s"
        return f"{kernel['gflops']:.0f} GFLOP/s"

    rows = [[kernel["name"], kernel["shape"], time_text(kernel["seconds"]), rate(kernel), percent(kernel["share_of_limit"]),
             kernel["limit"]] for kernel in kernels]
    return table(["kernel", "shape", "time", "rate", "of limit", "limit"], "llrrrl", rows)


def peers_section(peers):
    rows = [[step["model"], step["batch"], step["threads"], peer["peer"], time_text(peer["seconds"]),
             factor(peer["ratio"]), f"{peer['quartiles'][0]:.2f} to {peer['quartiles'][1]:.2f}"]
            for step in peers["steps"] for peer in step["peers"]]
    norms = peers["norms"]
    norm_rows = [[norm["name"], norm["shape"], time_text(norm["normlab_seconds"]), time_text(norm["onednn_seconds"]),
                  factor(norm["ratio"])] for norm in norms["norms"]]
    return (table(["model", "batch", "threads", "program", "step", "time / normlab's", "quartiles"], "lrrlrrr", rows)
            + f"\n\noneDNN {norms['onednn']}'s batch-normalization primitive against normlab's kernels, one thread:\n\n"
            + table(["kernel", "shape", "normlab", "oneDNN", "time / normlab's"], "llrrr", norm_rows))


def machine_section(bench):
    e = bench["environment"]
    state = f"load average before the run {bench['load_average']:.1f}; {percent(bench['disturbed_share'])} of the samples " \
            "were interrupted by other programs"
    warnings = "".join(f"\n- Warning: {warning}" for warning in bench["warnings"])
    return (f"- {e['processor']}, {e['cores']} cores, instruction set {e['instruction_set']}\n"
            f"- normlab {e['normlab']} ({e['build']}, {e['compiler']}), oneDNN {e['onednn']}, Highway {e['highway']}\n"
            f"- {bench['rounds']} rounds in {bench['total_seconds']:.0f} s; {state}{warnings}")


INTRODUCTION = """# Performance

Generated by `make performance` (`bench/make_performance.py`) from `normlab bench --json` and `bench/peers/run.py`; only the
last section is written by hand, in `bench/notes.md`.

What is compared was measured in turns in one run, so shares and ratios mean something even where another program was at work;
times mean something on an idle machine only. Medians throughout. FLOPs are those of the matrix products and convolutions
(`normlab/bench/step_flops.h`), so biases, norms, activations, loss and optimizer count as nothing and 100 % is out of reach.
A kernel's limit is the time that the memory accesses it cannot do without take at the bandwidth measured for its working
set."""


def main():
    bench, peers = (json.loads(pathlib.Path(path).read_text()) for path in sys.argv[1:3])
    notes = pathlib.Path(sys.argv[3]).read_text().strip()
    targets = [*step_targets(bench), *bf16_targets(bench), *kernel_targets(bench), *scaling_targets(bench), *peer_targets(peers)]
    print("\n\n".join([
        INTRODUCTION,
        "## Machine", machine_section(bench),
        "## Targets", table(["", "wanted", "measured", "better quartile", "reached"], "lrrrl", [target.row() for target in targets]),
        "## Limits of the machine", limits_section(bench["limits"]),
        "## Training steps", steps_section(bench["steps"]), bounds_section(bench["steps"]), layers_section(bench["steps"]),
        "## Against others", peers_section(peers),
        "## Kernels", kernels_section(bench["kernels"]),
        notes]))


main()
