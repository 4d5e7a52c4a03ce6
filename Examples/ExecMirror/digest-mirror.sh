#!/bin/sh
# A mirror over a content-addressed folder: sha256/AB/ABCD…, as our own store keeps files. A build without
# a network can so be fed from a medium that was brought in by hand.
#
#     [mirror medium]
#     program = /usr/libexec/acme/digest-mirror.sh /media/acme
#
# The contract is Documentation/ExecMirror.md, version 1.
set -eu
folder=$1 destination=$2
request=$(cat)

case $request in
  '{"version":1,'*) ;;
  *) echo "this version of the contract is not known" >&2; exit 25 ;;
esac
# In JSON a quote inside a text is escaped, so this finds the digest and nothing else.
digest=$(printf '%s\n' "$request" | sed -n 's/.*"sha256":"\([0-9a-f]\{64\}\)".*/\1/p')
[ -n "$digest" ] || exit 10 # what is not pinned is not found by its digest

if ! [ -d "$folder/sha256" ]; then
  echo "$folder is not mounted" >&2
  exit 21
fi
file=$folder/sha256/$(printf %.2s "$digest")/$digest
[ -f "$file" ] || exit 10
cp "$file" "$destination"
