#!/usr/bin/env bash
# Installs the Debian packages named as arguments that are not there yet; says nothing when all are.
# Daemons that come with them stay off: `secondread serve` starts its own Orthanc, the tests their own PostgreSQL.
set -euo pipefail

missing=()
for package in "$@"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || {
  echo "These Debian packages are missing, and there is no apt-get here to install them: ${missing[*]}" >&2
  exit 1
}
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "Debian packages are missing and only root may install them. Run this as root, then try again:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi

echo "==> Debian packages: ${missing[*]}"
# invoke-rc.d starts no service while policy-rc.d answers 101.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"; }
apt update
apt install --yes --no-install-recommends "${missing[@]}"

for package in "${missing[@]}"; do
  case $package in
    orthanc | postgresql)
      if [ -d /run/systemd/system ]; then
        "${as_root[@]}" systemctl disable --now "$package"
      else
        "${as_root[@]}" update-rc.d "$package" disable
      fi
      ;;
  esac
done
