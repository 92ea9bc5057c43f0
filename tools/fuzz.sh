#!/bin/bash
# Builds the fuzzers with clang and runs each of them: tools/fuzz.sh SECONDS_EACH JOBS
# Starts from tests/fuzz/corpus/<parser>/; what it finds on the way is kept in build/fuzz/corpus/. Fails when an input makes
# a parser crash, hang or use more than 1 GiB; the input is then left in build/fuzz/.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="$1"
jobs="$2"

cmake --preset fuzz > /dev/null
cmake --build build/fuzz -j "$jobs" --target fuzzers

run_one() {
  local fuzzer="$1" name
  name="$(basename "$fuzzer" _fuzz)"
  local log="build/fuzz/$name.log" found="build/fuzz/corpus/$name"
  mkdir -p "$found"
  if "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$name-" "$found" "tests/fuzz/corpus/$name" > "$log" 2>&1; then
    echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: //p' "$log") inputs, nothing found"
  else
    tail -40 "$log"
    echo "fuzz: $name failed; the log is $log"
    return 1
  fi
}
export -f run_one
export seconds

printf '%s\n' build/fuzz/fuzzers/*_fuzz | xargs -P "$jobs" -I{} bash -c 'run_one {}'
