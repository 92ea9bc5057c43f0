#!/bin/bash
# Prints the command of clang-format 14, which the sources are laid out with: versions differ in what they make of the same source.
# The system's, or, where the system has another, PyPI's, put under build/clang-format.
set -euo pipefail
cd "$(dirname "$0")/.."

version=14.0.6
if command -v clang-format-14; then exit; fi
folder="$PWD/build/clang-format"
if [[ ! -e $folder/clang_format/data/bin/clang-format ]]; then
  python3 -m pip install --quiet --root-user-action=ignore --no-deps --target "$folder" "clang-format==$version" >&2
fi
echo "$folder/clang_format/data/bin/clang-format"
