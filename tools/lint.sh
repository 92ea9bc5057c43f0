#!/bin/bash
# Runs clang-tidy over the sources whose path matches a regular expression: tools/lint.sh [REGEX]
# Fails when any source has a finding.
set -euo pipefail
cd "$(dirname "$0")/.."

# How each source is compiled by itself, and what CMake writes of them; nothing is compiled.
build=build/lint
cmake --preset release -B "$build" -DNORMLAB_UNITY=OFF > /dev/null
cmake --build "$build" --target normlab_git_state > /dev/null
mapfile -t sources < <(git ls-files 'normlab/*.cc' 'tests/*.cc' | grep -E "${1:-.}" | while read -r source; do
  if grep -qF "/$source\"" "$build/compile_commands.json"; then echo "$source"; fi
done)
if [[ ${#sources[@]} -eq 0 ]]; then
  echo "lint: no source matches '${1:-.}'" >&2
  exit 2
fi

# Warnings of the compiler are the compiler's business: only clang-tidy's own findings count here.
printf '%s\n' "${sources[@]}" |
  xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet --extra-arg=-Wno-everything 2> >(grep -v 'warnings generated\|Suppressed' >&2)
echo "lint: ${#sources[@]} sources without a finding"
