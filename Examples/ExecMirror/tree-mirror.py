#!/usr/bin/env python3
"""A mirror over a folder: HOST/PATH of the URL, as `wget -x` lays files out.

    [mirror acme]
    program = /usr/libexec/acme/tree-mirror.py /srv/mirror

The contract is Documentation/ExecMirror.md, version 1.
"""
import json
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

FOUND, ABSENT, UNAVAILABLE, MISCONFIGURED = 0, 10, 21, 25


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: tree-mirror.py FOLDER DESTINATION < REQUEST", file=sys.stderr)
        return MISCONFIGURED
    root, destination = Path(sys.argv[1]), Path(sys.argv[2])
    request = json.load(sys.stdin)
    if request["version"] != 1:
        print(f"version {request['version']} of the contract is not known", file=sys.stderr)
        return MISCONFIGURED
    if request["changes"]:
        return ABSENT  # files are kept here, and no indexes
    if not root.is_dir():
        print(f"{root} is not mounted", file=sys.stderr)
        return UNAVAILABLE
    url = urlsplit(request["url"])
    file = (root / url.netloc / url.path.lstrip("/")).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        return ABSENT
    shutil.copyfile(file, destination)
    return FOUND


sys.exit(main())
