#!/bin/bash
# Runs clang-tidy over the sources whose path matches a regular expression: tools/lint.sh BUILD_FOLDER [REGEX]
# The build folder must hold compile_commands.json. Fails when any source has a finding.
set -euo pipefail
cd "$(dirname "$0")/.."

build="$1"
mapfile -t sources < <(git ls-files 'normlab/*.cc' 'tests/*.cc' | grep -E "${2:-.}" | while read -r source; do
  if grep -qF "/$source\"" "$build/compile_commands.json"; then echo "$source"; fi
done)
if [[ ${#sources[@]} -eq 0 ]]; then
  echo "lint: no source matches '${2:-.}'" >&2
  exit 2
fi

# Warnings of the compiler are the compiler's business: only clang-tidy's own findings count here.
printf '%s\n' "${sources[@]}" |
  xargs -P "$(nproc)" -n 4 clang-tidy-14 -p "$build" --quiet --extra-arg=-Wno-everything 2> >(grep -v 'warnings generated\|Suppressed' >&2)
echo "lint: ${#sources[@]} sources without a finding"
