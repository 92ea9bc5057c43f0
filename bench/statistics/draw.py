#!/usr/bin/env python3
"""Draws the simulation of the interval and writes its tables into docs/statistics.md: draw.py coverage.csv docs

coverage.csv comes from interval_coverage. Replaces DOCS/coverage.svg, and in DOCS/statistics.md what stands between the
comments `<!-- simulation: NAME -->` and `<!-- end -->`.
"""

import csv
import re
import sys
from collections import defaultdict
from html import escape
from pathlib import Path

OURS = "this laboratory's"
COLOURS = ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#6e7781", "#9a6700", "#0a3069", "#cf222e"]
WIDTH, HEIGHT, LEFT, TOP, LEGEND = 440, 220, 44, 34, 210
# Title, which populations, where the axis begins.
PANELS = [
    ("Seeds that scatter evenly or lean to one side", lambda p: "%" not in p, 80),
    ("Accuracy of an arm of which a share collapses", lambda p: re.search("collapse", p), 0),
    ("Paired difference, one arm collapses", lambda p: "of one arm" in p, 0),
    ("Paired difference, both arms collapse", lambda p: "of both" in p, 80),
]
NOTABLE = ["normal", "exponential", "log-normal, sigma 0.75", "20 % collapse", "50 % collapse", "20 % collapse partly",
           "20 % of one arm", "50 % of one arm", "20 % of both, apart"]


def x_of(n: int) -> float:
    """n = 2 to 40 on a scale of logarithms."""
    from math import log
    return LEFT + (WIDTH - LEFT) * log(n / 2) / log(20)


def panel(title: str, least: int, rows) -> str:
    def y_of(percent: float) -> float:
        return TOP + (HEIGHT - TOP) * (100 - percent) / (100 - least)

    def path(points, style: str) -> str:
        places = " ".join(f"{x_of(n):.1f},{y_of(100 * share):.1f}" for n, share in points)
        return f'<polyline points="{places}" fill="none" {style}/>'

    parts = [f'<text x="{LEFT}" y="{TOP - 14}" font-weight="600">{escape(title)}</text>',
             f'<rect x="{LEFT}" y="{y_of(97):.1f}" width="{WIDTH - LEFT}" height="{y_of(93) - y_of(97):.1f}" fill="#dafbe1"/>']
    for percent in range(least, 101, 20 if least == 0 else 5):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y_of(percent):.1f}" y2="{y_of(percent):.1f}" stroke="#d0d7de" stroke-width="0.5"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y_of(percent) + 4:.1f}" text-anchor="end">{percent} %</text>')
    for n in (2, 3, 5, 10, 20, 40):
        parts.append(f'<text x="{x_of(n):.1f}" y="{HEIGHT + 15}" text-anchor="middle">{n}</text>')
    for number, (population, points) in enumerate(rows.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = sorted(points)
        ceiling = [(n, seen) for n, _, seen in points]
        if min(seen for _, seen in ceiling) < 1:
            parts.append(path(ceiling, f'stroke="{colour}" stroke-width="1" stroke-dasharray="3 3"'))
        parts.append(path([(n, share) for n, share, _ in points], f'stroke="{colour}" stroke-width="2"'))
        y = TOP + 8 + 17 * number
        parts.append(f'<line x1="{WIDTH + 12}" x2="{WIDTH + 28}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH + 33}" y="{y + 4}">{escape(population)}</text>')
    return "".join(parts)


def draw(rows) -> str:
    panels = []
    for number, (title, belongs, least) in enumerate(PANELS):
        curves = defaultdict(list)
        for row in rows:
            if row["method"] == OURS and belongs(row["population"]):
                curves[row["population"]].append((int(row["n"]), float(row["coverage"]), float(row["seen"])))
        x, y = (number % 2) * (WIDTH + LEGEND), (number // 2) * (HEIGHT + 34)
        panels.append(f'<g transform="translate({x} {y})">{panel(title, least, curves)}</g>')
    width, height = 2 * (WIDTH + LEGEND), 2 * (HEIGHT + 34)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'font-family="system-ui, sans-serif" font-size="11.5" fill="#1f2328">\n'
            f'<title>Coverage of the 95 % interval of a mean by number of seeds, 2 to 40</title>\n'
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n' + "\n".join(panels) + "\n</svg>\n")


def coverage_table(rows) -> str:
    counts = [2, 3, 5, 8, 10, 15, 20, 30, 40]
    ours = [row for row in rows if row["method"] == OURS]
    lines = ["| population | " + " | ".join(f"n = {n}" for n in counts) + " |", "| --- |" + " ---: |" * len(counts)]
    for population in dict.fromkeys(row["population"] for row in ours):
        cells = []
        for n in counts:
            row = next(row for row in ours if row["population"] == population and int(row["n"]) == n)
            cell, seen = f'{100 * float(row["coverage"]):.1f}', 100 * float(row["seen"])
            cells.append(cell if seen > 99.5 else f"{cell} of {seen:.1f}")
        lines.append(f"| {population} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def candidate_table(rows, n: int) -> str:
    rows = [row for row in rows if int(row["n"]) == n]
    lines = ["| method | " + " | ".join(NOTABLE) + " |", "| --- |" + " ---: |" * len(NOTABLE)]
    for method in dict.fromkeys(row["method"] for row in rows):
        cells = []
        for population in NOTABLE:
            row = next((row for row in rows if row["method"] == method and row["population"] == population), None)
            cells.append(f'{100 * float(row["coverage"]):.1f} ({float(row["length"]):.2f})' if row else "–")
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def fill(page: str, name: str, text: str) -> str:
    filled, count = re.subn(rf"(<!-- simulation: {re.escape(name)} -->\n).*?(<!-- end -->)",
                            lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"the page has {count} places for '{name}', expected one")
    return filled


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: draw.py coverage.csv DOCS")
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    docs = Path(sys.argv[2])
    (docs / "coverage.svg").write_text(draw(rows), encoding="utf-8")
    page = (docs / "statistics.md").read_text(encoding="utf-8")
    page = fill(page, "coverage", coverage_table(rows))
    for n in (10, 20):
        page = fill(page, f"candidates, {n}", candidate_table(rows, n))
    (docs / "statistics.md").write_text(page, encoding="utf-8")


main()
