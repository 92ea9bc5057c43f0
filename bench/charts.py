"""The two pictures of docs/performance.md, as SVG text: nothing but Python's standard library, so that a picture is the same
wherever it is drawn."""

import math
from xml.sax.saxutils import escape

FONT = "font-family='system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif'"
INK, FAINT, GRID = "#1f2328", "#59636e", "#d8dee4"


class Canvas:
    """A white sheet; y runs downwards."""

    def __init__(self, width, height):
        self.width, self.height, self.parts = width, height, []

    def line(self, x1, y1, x2, y2, stroke, width=1.0, dash=""):
        dashes = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{stroke}' stroke-width='{width}'{dashes}/>")

    def dot(self, x, y, color, title, radius=4.5, hollow=False):
        paint = f"fill='white' stroke='{color}' stroke-width='2'" if hollow else f"fill='{color}'"
        self.parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' {paint}><title>{escape(title)}</title></circle>")

    def text(self, x, y, text, size=12, anchor="start", color=INK, weight="normal", turn=0.0):
        turned = f" transform='rotate({turn:.1f} {x:.1f} {y:.1f})'" if turn else ""
        self.parts.append(f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' fill='{color}' "
                          f"font-weight='{weight}'{turned}>{escape(text)}</text>")

    def svg(self):
        body = "\n".join(self.parts)
        return (f"<svg xmlns='http://www.w3.org/2000/svg' width='{self.width}' height='{self.height}' "
                f"viewBox='0 0 {self.width} {self.height}' {FONT}>\n"
                f"<rect width='100%' height='100%' fill='white'/>\n{body}\n</svg>\n")


class LogAxis:
    """Maps values from low to high to a stretch of the sheet, by their logarithm."""

    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value):
        share = (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self, steps):
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        values = (step * 10.0**power for power in powers for step in steps)
        return [value for value in values if self.low <= value <= self.high]


# The order in which programs are listed; what a peer is called begins with a program and ends with a way to use it.
PEER_COLORS = {"notebook": "#9a6700", "eager": "#cf222e", "compiled": "#8250df", "fit": "#1a7f37"}


def newest_peers(step):
    """Without the older of two versions of one program used in one way."""
    newest = {}
    for peer in step["peers"]:
        program, _, way = peer["peer"].partition(", ")
        if way:
            newest[program.split()[0], way] = peer  # run.py asks the interpreters in order, the newest last
    return list(newest.values())


def short_name(peer):
    """Without the build of a version and what the program runs on."""
    program, _, way = peer.partition(", ")
    return f"{' '.join(program.split()[:2]).partition('+')[0]}, {way}"


def peers_chart(peers):
    """A row for each model, batch and number of threads: the time of a step in other programs over normlab's."""
    row, left, top = 26, 228, 64
    steps = peers["steps"]
    canvas = Canvas(760, top + row * len(steps) + 48)
    bottom = top + row * len(steps)
    highest = max(peer["quartiles"][1] for step in steps for peer in newest_peers(step))
    axis = LogAxis(0.9, max(20.0, 1.1 * highest), left, canvas.width - 24)
    canvas.text(12, 22, "Time of a training step with batch norm, divided by normlab's", 15, weight="600")
    x = left - 140
    for peer in newest_peers(steps[0]):
        name = peer["peer"]
        canvas.dot(x, 42, PEER_COLORS[name.rpartition(", ")[2]], name)
        canvas.text(x + 9, 46, short_name(name), 11)
        x += 165
    for value in axis.ticks((1, 2, 5)):
        canvas.line(axis(value), top - 6, axis(value), bottom, INK if value == 1 else GRID, 1.5 if value == 1 else 1)
        canvas.text(axis(value), bottom + 18, f"{value:g}x", 11, "middle", FAINT)
    canvas.text(axis(1) + 4, bottom + 36, "normlab = 1; dots: medians over rounds in turns, bars: quartiles; right is slower", 11, color=FAINT)
    for number, step in enumerate(steps):
        y = top + row * (number + 0.5)
        threads = f"{step['threads']} thread{'s' if step['threads'] > 1 else ''}"
        canvas.text(left - 12, y + 4, f"{step['model']}, batch {step['batch']}, {threads}", 11.5, "end")
        for peer in newest_peers(step):
            color = PEER_COLORS[peer["peer"].rpartition(", ")[2]]
            low, high = peer["quartiles"]
            canvas.line(axis(low), y, axis(high), y, color, 2)
            canvas.dot(axis(peer["ratio"]), y, color, f"{peer['peer']}: {peer['ratio']:.2f} ({low:.2f} to {high:.2f})")
    return canvas.svg()


# Operations of one value, an addition or a multiplication each, as docs/batch-norm.md and optimizer.h write the formulas.
NORM_OPERATIONS = {"norm_forward_train": 7, "norm_backward_train": 9}
OPTIMIZER_OPERATIONS = {"sgd": 2, "sgd_momentum": 4, "adam": 13}
KIND_COLORS = {"products of dense layers": "#0969da", "convolutions": "#1b7c83", "normalization": "#cf222e", "optimizers": "#9a6700"}
# Of the kernels' table: what a cache holds, what is beyond all of them, and the layers' own.
NORM_SHAPES = ("64x128", "64x512", "21632x32", "131072x64", "802816x64")


def roofline_point(kernel):
    """(kind, operations per byte, GFLOP/s), or None for a kernel whose operations the picture does not count. Bytes are those of
    the accesses the kernel cannot do without."""
    name, sizes = kernel["name"], [int(size) for size in kernel["shape"].replace(" to ", "x").split("x")]
    if name.startswith("linear_"):
        m, n, k = sizes
        return "products of dense layers", 2 * m * n * k / (4 * (m * n + n * k + m * k)), kernel["gflops"]
    if name in ("conv_forward", "conv_backward_weights"):
        images, height, width, channels, outputs = sizes
        flops = kernel["gflops"] * 1e9 * kernel["seconds"]
        values = images * height * width * channels + 9 * channels * outputs + flops / (2 * 9 * channels)
        return "convolutions", flops / (4 * values), kernel["gflops"]
    if name in NORM_OPERATIONS and kernel["shape"] in NORM_SHAPES:
        kind, flops = "normalization", NORM_OPERATIONS[name] * sizes[0] * sizes[1]
    elif name in OPTIMIZER_OPERATIONS:
        kind, flops = "optimizers", OPTIMIZER_OPERATIONS[name] * sizes[0]
    else:
        return None
    intensity = flops / (kernel["gb_per_s"] * 1e9 * kernel["seconds"])
    return kind, intensity, intensity * kernel["gb_per_s"]


def roofs(limits):
    """(text, GB/s) for a working set in each level of memory."""
    updates = {entry["working_set_bytes"]: entry["gb_per_s"] for entry in limits["bandwidth"] if entry["mix"] == "update"}
    for size in (16 << 10, 1 << 20, 16 << 20, max(updates)):
        nearest = min(updates, key=lambda known: abs(math.log(known / size)))
        text = f"{nearest >> 20} MiB" if nearest >= 1 << 20 else f"{nearest >> 10} KiB"
        yield text, updates[nearest]


def roofline_chart(bench):
    canvas = Canvas(760, 440)
    left, right, top, bottom = 64, 736, 70, 392
    x, y = LogAxis(0.1, 200, left, right), LogAxis(2, 400, bottom, top)
    peak = bench["limits"]["fma_gflops_per_core"]
    canvas.text(12, 22, "Kernels below the limits of one core", 15, weight="600")
    place = left
    for kind, color in KIND_COLORS.items():
        canvas.dot(place, 42, color, kind)
        canvas.text(place + 9, 46, kind, 11)
        place += 40 + 6.3 * len(kind)
    for value in x.ticks((1, 2, 5)):
        canvas.line(x(value), top, x(value), bottom, GRID)
        canvas.text(x(value), bottom + 17, f"{value:g}", 11, "middle", FAINT)
    for value in y.ticks((1, 2, 5)):
        canvas.line(left, y(value), right, y(value), GRID)
        canvas.text(left - 8, y(value) + 4, f"{value:g}", 11, "end", FAINT)
    canvas.text((left + right) / 2, bottom + 36, "operations per byte that must be moved", 11.5, "middle", FAINT)
    canvas.text(18, (top + bottom) / 2, "GFLOP/s", 11.5, "middle", FAINT, turn=-90)
    canvas.line(left, y(peak), right, y(peak), INK, 2)
    canvas.text(right - 4, y(peak) - 6, f"multiply-adds: {peak:.0f} GFLOP/s", 11, "end")
    slope = -math.degrees(math.atan2(y(1) - y(10), x(10) - x(1)))
    for text, rate in roofs(bench["limits"]):
        start, end = max(x.low, y.low / rate), peak / rate
        canvas.line(x(start), y(start * rate), x(end), y(peak), FAINT, 1.5, "5 3")
        canvas.text(x(start) + 6, y(start * rate) - 10, f"{text}: {rate:.0f} GB/s", 10.5, color=FAINT, turn=slope)
    for kernel in bench["kernels"]:
        point = roofline_point(kernel)
        if point:
            kind, intensity, gflops = point
            canvas.dot(x(intensity), y(gflops), KIND_COLORS[kind], f"{kernel['name']} {kernel['shape']}: {gflops:.3g} GFLOP/s", 4)
    return canvas.svg()
