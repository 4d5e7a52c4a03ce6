"""The upstreams: nginx as fast as it goes and at a limited rate, and a server at a distance."""

import os
import pathlib
import random
import socket
import subprocess
import sys
import time

from harness.clock import Failed
from harness.machine import find

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
  default_type application/octet-stream; sendfile on; tcp_nopush on; access_log off; etag on;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{fast}; root {files}; }}
  server {{ listen 127.0.0.1:{limited}; root {files}; limit_rate {rate}m; }}
}}
"""


class Nginx:
    """One nginx process with sendfile and keep-alive, and the files it serves."""

    rate = 100

    def __init__(self, folder):
        self.files = folder / "files"
        self._folder = folder / "nginx"
        self._fast, self._limited = _free_ports(2)

    def __enter__(self):
        self.files.mkdir()
        self._folder.mkdir()
        configuration = self._folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=self._folder, files=self.files, fast=self._fast, limited=self._limited,
                rate=self.rate))
        self._process = _start_nginx(configuration, self._fast)
        return self

    def __exit__(self, *_):
        _stop(self._process)

    def url(self, name, limited=False):
        """The address of a file."""
        return f"http://127.0.0.1:{self._limited if limited else self._fast}/{name}"

    def redirected_url(self, name):
        """The same as mirror-hook writes it for the gateway."""
        return f"http://127.0.0.1.http.mirror.invalid:{self._fast}/{name}"

    def lay(self, folder, count, size):
        """Makes files, no two alike; returns their names."""
        (self.files / folder).mkdir(exist_ok=True)
        names = [f"{folder}/{number:03}.bin" for number in range(count)]
        block = os.urandom(min(size, 1 << 20))
        for name in names:
            path = self.files / name
            if path.exists():
                continue
            with open(path, "wb") as file:
                for _ in range(size // len(block)):
                    file.write(block)
                file.seek(0)
                file.write(name.encode())
        return names

    def lay_sparse(self, name, size):
        """Makes a large file that takes no room."""
        with open(self.files / name, "wb") as file:
            file.truncate(size)
            file.write(name.encode())
        return name


class CachingProxy:
    """nginx as a caching proxy before the other nginx: what stands between, and checks nothing.

    It is the least that a recording in between can cost.
    """

    _CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
  default_type application/octet-stream; sendfile on; access_log off; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=kept:10m levels=1:2;
  upstream files {{ server {upstream}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://files; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache kept; proxy_cache_valid 200 1d;
    }}
  }}
}}
"""

    def __init__(self, folder, nginx):
        self._folder = folder
        self._upstream = nginx.url("").removeprefix("http://").rstrip("/")

    def __enter__(self):
        self._folder.mkdir()
        port = _free_ports(1)[0]
        self.variables = {"http_proxy": f"http://127.0.0.1:{port}", "no_proxy": ""}
        configuration = self._folder / "nginx.conf"
        configuration.write_text(
            self._CONFIGURATION.format(folder=self._folder, upstream=self._upstream, port=port))
        self._process = _start_nginx(configuration, port)
        return self

    def __exit__(self, *_):
        _stop(self._process)


class DistantServer:
    """A server that waits some milliseconds before each answer, as one behind a network."""

    def __init__(self, files, milliseconds=10, silent=""):
        self._files = files
        self.milliseconds = milliseconds
        self._silent = silent

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("distant_server.py"), self._files,
             str(self.milliseconds), self._silent],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self._port = int(self._process.stdout.readline() or 0)
        if not self._port:
            self.__exit__()
            raise Failed("the distant server did not start")
        return self

    def __exit__(self, *_):
        _stop(self._process)

    def url(self, name):
        """The address of a file."""
        return f"http://127.0.0.1:{self._port}/{name}"


class Server:
    """A peer that is one command, on a free port."""

    def __init__(self, words, environment):
        self._words = words
        self._environment = environment

    def __enter__(self):
        port = _free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}/"
        words = [str(word) for word in self._words(port)]
        self._process = subprocess.Popen(
            words, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, self._process)
        except Failed:
            self.__exit__()
            raise Failed(f"{words[0]} did not start") from None
        return self

    def __exit__(self, *_):
        _stop(self._process)


def _start_nginx(configuration, port):
    """One nginx that accepts connections on that port."""
    process = subprocess.Popen(
        [find("nginx"), "-e", configuration.with_name("error.log"), "-c", configuration],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
    except Failed:
        _stop(process)
        raise
    return process


def _free_ports(count):
    """Ports below those that clients get for their own ends; apt-cacher-ng knows none above 32767."""
    sockets = []
    for port in random.sample(range(20000, 32768), 1000):
        if len(sockets) == count:
            break
        try:
            sockets.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _wait_for(port, process):
    for _ in range(250):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Failed("nginx did not start")


def _stop(process):
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
