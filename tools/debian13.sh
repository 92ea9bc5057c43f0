#!/bin/bash
# Runs both of the README's commands, `make demo` and `make test`, as on a bare Debian 13: in a new system that debootstrap puts into a
# temporary folder, with nothing but git and make in it. Takes root, debootstrap and the network; the last commit is what is built.
#   tools/debian13.sh [COMMAND]   another command instead of the two
# $NORMLAB_DEBIAN_CCACHE, if set, is a folder that keeps what was compiled for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."

command="${1:-make demo && make test}"
if [[ $(id -u) -ne 0 ]] || ! command -v debootstrap > /dev/null; then
  echo "debian13: takes root and the package debootstrap" >&2
  exit 2
fi

root="$(mktemp -d)"
trap 'rm -rf --one-file-system "$root"' EXIT
debootstrap --variant=minbase --include=ca-certificates,git,make trixie "$root" > "$root.log" 2>&1 ||
  { tail -20 "$root.log" >&2; exit 1; }
rm "$root.log"
# Its / is for everybody, unlike what mktemp makes: tests give up root.
chmod 755 "$root"
# A network whose proxy signs for itself has its certificate among this machine's.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
git clone --quiet . "$root/normlab"

variables=(HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt)
if [[ -n ${NORMLAB_DEBIAN_CCACHE:-} ]]; then
  mkdir -p "$NORMLAB_DEBIAN_CCACHE" "$root/ccache"
  variables+=(CCACHE_DIR=/ccache)
fi
# Mounts of a namespace of their own end with it.
export root
unshare --mount bash -euo pipefail -c '
  mount -t proc proc "$root/proc"
  mkdir -p "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
  mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
  mount -t tmpfs tmpfs "$root/dev/shm"
  if [[ -n ${NORMLAB_DEBIAN_CCACHE:-} ]]; then mount --bind "$NORMLAB_DEBIAN_CCACHE" "$root/ccache"; fi
  chroot "$root" env -i "$@"' debian13 "${variables[@]}" bash -euo pipefail -c "cd /normlab && $command"
