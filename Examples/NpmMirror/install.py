"""Does what npm does to install one package: its document, its tarball, and the tarball's integrity."""
import base64
import hashlib
import json
import os
import urllib.request

open_direct = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
with open_direct(os.environ["npm_config_registry"] + "left") as answer:
    dist = json.load(answer)["versions"]["1.0.0"]["dist"]
with open_direct(dist["tarball"]) as answer:
    tarball = answer.read()
assert dist["tarball"].startswith(os.environ["npm_config_registry"]), dist
integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
assert integrity == dist["integrity"], (integrity, dist)
print(f"installed left 1.0.0, {len(tarball)} bytes")
