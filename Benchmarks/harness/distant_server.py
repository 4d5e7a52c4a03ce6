"""Serves the small files of a folder over HTTP, each after a pause: FOLDER MILLISECONDS [NAME].

A path that ends with NAME is never answered.
"""

import asyncio
import hashlib
import pathlib
import sys


class Connection(asyncio.Protocol):
    """One client, kept alive; one request at a time."""

    def __init__(self, folder, pause, silent):
        self._folder = folder
        self._pause = pause
        self._silent = silent
        self._seen = b""

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        self._seen += data
        while (end := self._seen.find(b"\r\n\r\n")) >= 0:
            path = self._seen.split(b" ", 2)[1].decode()
            self._seen = self._seen[end + 4:]
            if self._silent and path.endswith(self._silent):
                return
            asyncio.get_running_loop().call_later(self._pause, self._answer, path)

    def _answer(self, path):
        try:
            body = (self._folder / path.lstrip("/")).read_bytes()
        except OSError:
            return self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        tag = hashlib.md5(path.encode()).hexdigest()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nETag: \"{tag}\"\r\n"
            f"Content-Length: {len(body)}\r\n\r\n")
        return self._transport.write(head.encode() + body)


async def serve(folder, pause, silent):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(folder, pause, silent), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve(pathlib.Path(sys.argv[1]), float(sys.argv[2]) / 1000, "".join(sys.argv[3:4])))
