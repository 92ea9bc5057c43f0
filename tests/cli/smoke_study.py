"""Runs the short variant of a study on the built-in data and looks at what came out.

    NORMLAB=build/release/normlab python3 tests/cli/smoke_study.py batch-size-mlp
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile


def main():
    study = sys.argv[1]
    program = str(pathlib.Path(os.environ["NORMLAB"]).resolve())
    with tempfile.TemporaryDirectory(prefix="normlab-study-") as folder:
        run = subprocess.run([program, "run", study, "data=glyphs", "--smoke", "--json", "--quiet"], cwd=folder,
                             capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"normlab run {study} data=glyphs --smoke ended with {run.returncode}: {run.stderr}")
    found = json.loads(run.stdout)
    trials = found["trials"]
    seeds = {trial["seed"] for trial in trials}
    problems = [f"{trial['id']}: {trial['status']}" for trial in trials if trial["status"] != "done"]
    if len(seeds) < 2:
        problems.append(f"seeds {sorted(seeds)}: nothing can be paired")
    if len(trials) != len(found["arms"]) * len(seeds):
        problems.append(f"{len(trials)} trials of {len(found['arms'])} arms with {len(seeds)} seeds")
    if found["study"]["name"] != study:
        problems.append(f"the study is called {found['study']['name']}")
    problems += [f"{trial['id']}: test accuracy {trial['test_accuracy']}" for trial in trials
                 if not 0 <= trial["test_accuracy"] <= 1]
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    main()
