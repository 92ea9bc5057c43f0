#!/bin/bash
# Checks the page of web/ (types, lint, unit tests) and tries it in Chromium on the sample reports, on reports that PROGRAM makes and
# on the reports given: tests/web/run.sh PROGRAM [FILE.html...]. Screenshots are left in build/web-test.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
program="$(realpath -e "$1")"
mapfile -t reports < <(for file in "${@:2}"; do realpath -e "$file"; done)
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# The packages of a folder's lock, all of them, unless they are there.
packages() {
  if [[ ! -e $1/node_modules/.complete || $1/package-lock.json -nt $1/node_modules/.complete ]]; then
    npm --prefix "$1" ci --no-audit --no-fund --prefer-offline --loglevel=error > /dev/null
    touch "$1/node_modules/.complete"
  fi
}

packages "$root/web"
packages "$root/tests/web"
for script in check lint test build samples; do npm --silent --prefix "$root/web" run "$script"; done
"$root/tests/web/make_reports.sh" "$program" "$folder"
node "$root/tests/web/samples_test.js" "$root/web/dist/samples"
# The other samples have the shapes of the real reports: what only they show, samples_test.js tries.
node "$root/tests/web/report_test.js" "$root/web/dist/samples/hostile.html" "$folder"/real_*.html "${reports[@]}"
