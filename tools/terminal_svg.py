#!/usr/bin/env python3
"""Draws a terminal session as an SVG picture: COMMAND | tools/terminal_svg.py --command TEXT > picture.svg

Takes the program's real output on standard input, colours (ANSI SGR codes) included, so that the picture in README.md
can be made again at any time. One `tspan` per run of equal style; every run is given its exact width, so that columns
stand in line whatever font the reader has.
"""

import argparse
import re
import sys
from html import escape

CHARACTER_WIDTH, LINE_HEIGHT, FONT_SIZE, MARGIN, BAR = 8.4, 19, 14, 18, 30
BACKGROUND, TEXT, PROMPT = "#161b22", "#d6dde6", "#7ee787"
COLOURS = dict(zip(range(30, 38), ["#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", TEXT]))
CODE = re.compile(r"\x1b\[([0-9;]*)m")


def runs(line: str, style: dict):
    """Splits a line into (text, style) at its colour codes; `style` carries over to the next line."""
    position = 0
    for code in CODE.finditer(line):
        yield line[position : code.start()], dict(style)
        position = code.end()
        for number in map(int, filter(None, (code.group(1) or "0").split(";"))):
            if number == 0:
                style.clear()
            elif number == 1:
                style["font-weight"] = "bold"
            elif number == 2:
                style["opacity"] = "0.6"
            elif number in (22, 39):
                style.pop("fill" if number == 39 else "font-weight", None)
            elif number % 60 in COLOURS:  # 90..97 are the bright ones: drawn alike
                style["fill"] = COLOURS[number % 60]
    yield line[position:], dict(style)


def draw_line(line: str, row: int, style: dict) -> str:
    spans, column = [], 0
    for text, look in runs(line, style):
        if text.strip():
            x = MARGIN + (column + len(text) - len(text.lstrip())) * CHARACTER_WIDTH
            shown = text.strip()
            attributes = "".join(f' {key}="{value}"' for key, value in look.items())
            width = f"{len(shown) * CHARACTER_WIDTH:.1f}"
            spans.append(f'<tspan x="{x:.1f}" textLength="{width}"{attributes}>{escape(shown)}</tspan>')
        column += len(text)
    y = BAR + MARGIN + row * LINE_HEIGHT
    return f'<text y="{y}" xml:space="preserve">{"".join(spans)}</text>' if spans else ""


def draw(lines: list[str]) -> str:
    columns = max(len(CODE.sub("", line)) for line in lines)
    width = round(columns * CHARACTER_WIDTH + 2 * MARGIN)
    height = BAR + 2 * MARGIN + (len(lines) - 1) * LINE_HEIGHT
    style: dict = {}
    body = [drawn for row, line in enumerate(lines) if (drawn := draw_line(line, row, style))]
    buttons = "".join(f'<circle cx="{MARGIN + 18 * i}" cy="17" r="5.5" fill="{colour}"/>'
                      for i, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{FONT_SIZE}" fill="{TEXT}">',
        f'<rect width="{width}" height="{height}" rx="9" fill="{BACKGROUND}"/>{buttons}',
        *body, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True, help="the command that printed it, shown after a prompt")
    arguments = parser.parse_args()
    output = sys.stdin.read().rstrip("\n").expandtabs()
    prompt = f"\x1b[32m$\x1b[0m \x1b[1m{arguments.command}\x1b[0m"
    sys.stdout.write(draw([prompt, *output.split("\n")]))


if __name__ == "__main__":
    main()
