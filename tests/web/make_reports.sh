#!/bin/bash
# Real reports, made by the program of a few short runs on the built-in data: tests/web/make_reports.sh PROGRAM FOLDER
# leaves FOLDER/real_*.html.
set -euo pipefail
program="$(realpath -e "$1")"
folder="$(realpath -e "$2")"

# report NAME ARGUMENT...: the report of `normlab run ARGUMENT...` as real_NAME.html.
report() {
  local name="$1"
  shift
  "$program" run "$@" --runs "$folder/$name" --quiet > "$folder/$name.txt"
  mv "$folder/$name"/*/report.html "$folder/real_$name.html"
}

small="flatten, linear 16, norm, relu, linear 10"
report two_arms "$small" epochs=2 seed=1..3
report grid "$small" batch=32,64,128,256 steps=40 seed=1..2
report diverged mlp-128-64 optimizer=sgd lr=1e4 steps=60 seed=1..2
report steps "$small" batch=32,64 steps=4000 seed=1 probe=500
report single "$small" norm=batch epochs=2 seed=1
if ! grep -q '"diverged":[1-9]' "$folder/real_diverged.html"; then
  echo "no trial diverged at lr=1e4: the browser test needs one that does" >&2
  exit 1
fi
