#!/bin/bash
# Puts oneDNN 3.2 under build/onednn-3, from PyPI, and prints the CMake option that makes a build use it:
#   cmake --preset release -B build/release-onednn-3 "$(tools/onednn3.sh)"
# Debian 12 has 2.6 and Ubuntu 24.04 has 3: normlab builds with both.
set -euo pipefail
cd "$(dirname "$0")/.."

version=2023.2.0  # Intel's name for the package with oneDNN 3.2
folder="$PWD/build/onednn-3"
packages=(onednn_cpu_gomp onednn_devel_cpu_gomp)

if [[ ! -e $folder/complete ]]; then
  mkdir -p "$folder"
  for package in "${packages[@]}"; do
    /usr/bin/python3 -m pip download --quiet --no-deps --dest "$folder" "$package==$version" >&2
    /usr/bin/python3 -m zipfile -e "$folder/$package"-*.whl "$folder"
  done
  touch "$folder/complete"
fi
echo "-DCMAKE_PREFIX_PATH=$folder/${packages[0]}-$version.data/data;$folder/${packages[1]}-$version.data/data"
