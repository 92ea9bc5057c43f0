#!/usr/bin/env python3
"""Runs every study that comes with the program and writes what came out, docs/studies.md. Nothing in that page is typed.

    NORMLAB_DATA=... tools/studies_page.py build/release/normlab --readme README.md > docs/studies.md

--readme also renews the table of batch-size-mlp there, between the marks that name the study.

Studies on other data than MNIST (their settings say so) keep to it, as its images are others. Those on CIFAR-10 take hours.
Trials that a runs folder (--runs) has already are not run again.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

INTRODUCTION = """# What the studies found

Every study that comes with normlab, run to its end on real data: the question, the answer with its 95 % interval, all
measures, and what the study does not show. Written by `make studies` from the store; times per step depend on what else the
machine was doing.
"""


README_ROWS = ["train loss", "validation loss", "validation accuracy, %", "steps to accuracy"]


def call(*words):
    return subprocess.run([str(word) for word in words], check=True, stdout=subprocess.PIPE, text=True).stdout


def run_study(program, runs, name, data):
    """The study's id."""
    print(f"{name} on {data}", file=sys.stderr)
    return json.loads(call(program, "run", name, "--data", data, "--runs", runs, "--quiet", "--json"))["study"]["id"]


def section(program, runs, identity, data):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "study.md"
        call(program, "report", identity, "--runs", runs, "-o", file)
        text = file.read_text()
    # A page of several studies: headings one level down, the data set in the title.
    text = re.sub(r"^#", "##", text, flags=re.MULTILINE)
    return re.sub(r"^## (.*)$", rf"## \1, on {data}", text, count=1, flags=re.MULTILINE)


def transposed_table(text, rows_wanted):
    """The first table of a study's Markdown, arms as rows, of the measures only `rows_wanted`."""
    lines = []
    for line in text[text.index("\n| "):].strip().splitlines():
        if not line.startswith("|"):
            break
        lines.append([cell.strip() for cell in line.strip("|").split(" |")])
    measures = [lines[0]] + [line for line in lines[2:] if line[0] in rows_wanted]
    header, *arms = zip(*measures)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] + ["---:"] * (len(header) - 1), *arms])


def renew(file, name, table):
    mark = f"<!-- {name} -->"
    before, _, after = file.read_text().split(mark)
    file.write_text(f"{before}{mark}\n{table}\n{mark}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs"))
    parser.add_argument("--data", nargs="+", default=["mnist"])
    parser.add_argument("--readme", type=pathlib.Path)
    arguments = parser.parse_args()
    studies = [(path.stem, tomllib.loads(path.read_text())["settings"]["data"])
               for path in sorted((pathlib.Path(__file__).parent.parent / "presets/studies").glob("*.toml"))]
    parts = [INTRODUCTION]
    on_mnist = [(name, data) for data in arguments.data for name, own in studies if own == "mnist"]
    for name, data in on_mnist + [(name, own) for name, own in studies if own != "mnist"]:
        identity = run_study(arguments.program, arguments.runs, name, data)
        parts.append(section(arguments.program, arguments.runs, identity, data))
        if arguments.readme and (name, data) == ("batch-size-mlp", "mnist"):
            renew(arguments.readme, name, transposed_table(parts[-1], README_ROWS))
    print("\n".join(parts), end="")


if __name__ == "__main__":
    main()
