#!/bin/bash
# Installs the packages of tools/install.txt that are missing: tools/setup.sh GROUP...   (build, test, check)
# Says nothing and takes no time when all are there. Works on Debian and Ubuntu, as root or with sudo.
set -euo pipefail

list="$(dirname "$0")/install.txt"

wanted=()
while read -r package group _; do
  [[ $package == "" || $package == \#* ]] && continue
  if [[ $package == *"|"* ]]; then  # package|command
    command -v "${package#*|}" > /dev/null && continue
    package="${package%|*}"
  fi
  for asked in "$@"; do
    if [[ $group == "$asked" ]]; then wanted+=("$package"); fi
  done
done < "$list"
if [[ ${#wanted[@]} -eq 0 ]]; then
  echo "setup: no package in tools/install.txt belongs to '$*'; the groups are build, test and check" >&2
  exit 2
fi

give_up() {
  {
    echo "setup: $1"
    echo "setup: normlab needs, under Debian's names: ${missing[*]}"
    echo "setup: install what corresponds to them, then run make again with SETUP=no to leave out this step"
  } >&2
  exit 1
}

missing=("${wanted[@]}")
command -v apt-get > /dev/null && command -v dpkg-query > /dev/null ||
  give_up "this system has no apt-get: packages can only be installed on Debian and Ubuntu"

installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "${wanted[@]}" 2> /dev/null || true)"
missing=()
for package in "${wanted[@]}"; do
  [[ $installed == *" installed:$package "* ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo > /dev/null || give_up "installing packages takes root, and there is no sudo here"
  as_root=(sudo)
fi

echo "setup: installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq ||
  echo "setup: apt-get update failed; trying with the package lists as they are" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" > /dev/null ||
  give_up "apt-get could not install the packages (its message is above)"
