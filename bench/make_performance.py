#!/usr/bin/env python3
"""Draws docs/performance.md, its two pictures and the tables behind it from what was measured, bench/measured/:

    bench/make_performance.py           writes them
    bench/make_performance.py --check   fails when they are not what it would write

bench.json is the output of `normlab bench --json`, peers.json what bench/peers/run.py wrote, residual.json what it wrote of the large
networks, which are timed when they are named. A figure that a file lacks is left out. `make performance` measures anew and draws.
"""

import json
import pathlib
import sys

from charts import newest_peers, peers_chart, roofline_chart

ROOT = pathlib.Path(__file__).resolve().parent.parent

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

    def reached(self):
        return self.measured <= self.wanted if self.most else self.measured >= self.wanted

    def row(self):
        bound = f"{'at most' if self.most else 'at least'} {self.show(self.wanted)}"
        if self.measured is None:
            return [self.text, bound, "not measured", "", ""]
        quartile = "" if self.quartile is None else self.show(self.quartile)
        return [self.text, bound, self.show(self.measured), quartile, "yes" if self.reached() else "no"]


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


def residual_targets(residual):
    for model, batch, wanted in (("resnet-20", 128, 1.75), ("airbench", 256, 1.35)):
        step = find(residual["steps"], model=model, batch=batch, threads=2)
        ratios = [peer["ratio"] for peer in step["peers"] if peer["peer"] != "normlab"] if step else []
        yield Target(f"{model}, batch {batch}, 2 threads: against the fastest PyTorch in its best memory format", wanted,
                     min(ratios, default=None), factor)
        mib = [peer["mib"] for peer in step["peers"]] if step else []
        yield Target(f"{model}, batch {batch}: memory of a step, of the leanest PyTorch's", 1, mib[0] / min(mib[1:]) if mib[1:] else None,
                     percent, most=True)


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


def residual_section(residual):
    rows = [[step["model"], step["batch"], step["threads"], peer["peer"], time_text(peer["seconds"]), factor(peer["ratio"]),
             f"{peer['quartiles'][0]:.2f} to {peer['quartiles'][1]:.2f}", f"{peer['mib']:.0f}"]
            for step in residual["steps"] for peer in step["peers"]]
    return (f"Large networks. {residual.get('note', '')} Memory is how far model and steps "
            "raised the resident size at most.\n\n"
            + table(["model", "batch", "threads", "program", "step", "time / normlab's", "quartiles", "MiB"], "lrrlrrrr", rows))


def machine_section(bench):
    e = bench["environment"]
    state = f"load average before the run {bench['load_average']:.1f}; {percent(bench['disturbed_share'])} of the samples " \
            "were interrupted by other programs"
    warnings = "".join(f"\n- Warning: {warning}" for warning in bench["warnings"])
    return (f"- {e['processor']}, {e['cores']} cores, instruction set {e['instruction_set']}\n"
            f"- normlab {e['normlab']} ({e['build']}, {e['compiler']}), oneDNN {e['onednn']}, Highway {e['highway']}\n"
            f"- {bench['rounds']} rounds in {bench['total_seconds']:.0f} s; {state}{warnings}")


def span(values, show):
    low, high = show(min(values)), show(max(values))
    return low if low == high else f"{low} to {high}"


def one_decimal_factor(value):
    return f"{value:.1f}x"


def sentences(bench, peers, residual, targets):
    """What the pictures and tables come to. Every figure is one of the tables behind the page."""
    steps = [step for step in bench["steps"] if step["norm"] == "batch" and step["threads"] == 1 and step["precision"] == "float"]
    shares = {model: span([step["share_of_peak"] for step in steps if step["model"] == model], percent)
              for model in dict.fromkeys(step["model"] for step in steps)}
    fastest = {"eager": {}, "notebook": {}, "fit": {}}  # way, then case: the fastest peer's ratio
    for case, step in enumerate(peers["steps"]):
        for peer in newest_peers(step):
            way = fastest["eager" if "compiled" in peer["peer"] else peer["peer"].rpartition(", ")[2]]
            way[case] = min(way.get(case, peer["ratio"]), peer["ratio"])
    tuned, notebook, keras = (fastest[way].values() for way in ("eager", "notebook", "fit"))
    norms = [1 - 1 / cost["ratio"] for cost in bench["norm_cost"] if cost["threads"] == 1]
    far = [kernel["share_of_limit"] for kernel in bench["kernels"] if kernel["name"].startswith("norm_") and "_train" in kernel["name"] and kernel["shape"] == "802816x64"]
    limit, trials = (find(bench["scaling"], kind=kind) for kind in ("limit", "trials"))
    measured = [target for target in targets if target.measured is not None]
    reached = sum(target.reached() for target in measured)
    others = [f"{name} {span(values, one_decimal_factor)}" for name, values in
              (("a loop as notebooks have it", notebook), ("Keras", keras)) if values]
    lines = [
        "A training step with batch norm runs, on one core, at these shares of the multiply-add peak: "
        + ", ".join(f"{model} {share}" for model, share in shares.items()) + ".",
        f"For the same step PyTorch takes {span(tuned, one_decimal_factor)} normlab's time where it is tuned, eager or compiled, "
        f"whichever is faster; {', '.join(others)}." if tuned else "",
        "Of large networks on two threads PyTorch's fastest way takes " + ", ".join(
            f"{step['model']} {factor(min(peer['ratio'] for peer in step['peers'][1:]))}" for step in residual["steps"])
        + " normlab's time (another machine; the tables say which)." if residual["steps"] else "",
        f"Normalization is {span(norms, exact_percent)} of a step; beyond all caches its training kernels run at "
        f"{span(far, percent)} of the memory's bandwidth." if norms and far else "",
        f"Two trials on two cores are {factor(trials['ratio'])} as fast as one, of {factor(limit['ratio'])} that two loops of "
        "multiply-adds reach." if limit and trials else "",
        f"Of {len(measured)} targets that were measured {reached} are reached; why the others are not, and what was tried, is in "
        "[the notes](../bench/notes.md).",
    ]
    return "\n".join(f"- {line}" for line in lines if line)


PAGE = """# Performance

{sentences}

![Training steps of other programs beside normlab's](performance-peers.svg)

![Kernels below the limits of one core](performance-roofline.svg)

The roofline counts the operations of the formulas and the bytes of those accesses that a kernel cannot do without; dashed lines
are the bandwidths of working sets of one size.

{machine}

[All tables](performance-tables.md) · [the notes](../bench/notes.md): what was done, what did not help, where the limits are ·
[bench/measured](../bench/measured): the files that all of this is drawn from (`bench/make_performance.py`; `make performance`
measures anew, with PyTorch and Keras where `PYTHONS=` names them)
"""

TABLES = """# Performance: the tables

Drawn by `bench/make_performance.py` from `bench/measured`; the page in front of it is [performance.md](performance.md).

What is compared was measured in turns in one run, so shares and ratios mean something even where another program was at work;
times mean something on an idle machine only. Medians throughout. FLOPs are those of the matrix products and convolutions
(`normlab/bench/step_flops.h`), so biases, norms, activations, loss and optimizer count as nothing and 100 % is out of reach.
A kernel's limit is the time that the memory accesses it cannot do without take at the bandwidth measured for its working
set."""


def documents(bench, peers, residual):
    """The files to write, by their name in docs/."""
    targets = [*step_targets(bench), *bf16_targets(bench), *kernel_targets(bench), *scaling_targets(bench), *peer_targets(peers),
               *residual_targets(residual)]
    page = PAGE.format(sentences=sentences(bench, peers, residual, targets), machine=machine_section(bench))
    tables = "\n\n".join([
        TABLES,
        "## Targets", table(["", "wanted", "measured", "better quartile", "reached"], "lrrrl", [target.row() for target in targets]),
        "## Limits of the machine", limits_section(bench["limits"]),
        "## Training steps", steps_section(bench["steps"]), bounds_section(bench["steps"]), layers_section(bench["steps"]),
        "## Against others", peers_section(peers), residual_section(residual),
        "## Kernels", kernels_section(bench["kernels"])])
    return {"performance.md": page, "performance-tables.md": tables + "\n", "performance-peers.svg": peers_chart(peers),
            "performance-roofline.svg": roofline_chart(bench)}


def main():
    measured = (json.loads((ROOT / "bench/measured" / name).read_text()) for name in ("bench.json", "peers.json", "residual.json"))
    for name, text in documents(*measured).items():
        path = ROOT / "docs" / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            sys.exit(f"docs/{name} is not what bench/make_performance.py draws from bench/measured: run it")


main()
