#!/bin/sh
# Brings what the tests need besides Python: Chromium, a Chinese font, Java for the HTML checker.
set -eu
missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v java >/dev/null || missing="$missing default-jre-headless"
fc-list 2>/dev/null | grep -qi cjk || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
else
  echo "The tests need:$missing. On Debian, as root: apt-get install$missing" >&2
  exit 1
fi
