#!/usr/bin/env python3
"""Runs the commands that the documents show: tools/run_documented_commands.py FILE.md...

Every fenced block marked `sh` is run as one bash script, in order, in the repository's root and with build/release on the
path; the first that fails ends the run. Blocks that only show something carry another mark (`console`, `text`).
"""

import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(script: str) -> int:
    path = f"{ROOT / 'build/release'}:{os.environ['PATH']}"
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, env={**os.environ, "PATH": path}).returncode


def main(documents: list[str]) -> int:
    count = 0
    for document in documents:
        text = pathlib.Path(document).read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 2
            print(f"--- {document}:{line}\n{block.group(1)}", end="", flush=True)
            started = time.monotonic()
            status = run(block.group(1))
            if status != 0:
                print(f"--- {document}:{line} failed with status {status}", file=sys.stderr)
                return 1
            print(f"--- done in {time.monotonic() - started:.1f} s", flush=True)
            count += 1
    print(f"{count} documented blocks of commands ran")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
