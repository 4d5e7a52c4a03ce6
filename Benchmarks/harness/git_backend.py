"""`git http-backend` behind Python's HTTP server: GIT_BACKEND_ROOT is served on the port given."""

import http.server
import os
import shutil
import socketserver
import subprocess
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, body):
        path, _, query = self.path.partition("?")
        environment = os.environ | {
            "GIT_PROJECT_ROOT": os.environ["GIT_BACKEND_ROOT"], "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", "")}
        backend = subprocess.Popen(
            ["git", "http-backend"], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        feeder = threading.Thread(target=lambda: (backend.stdin.write(body), backend.stdin.close()))
        feeder.start()
        fields = []
        while line := backend.stdout.readline().strip():
            fields.append(line.decode().split(": ", 1))
        status = next((int(value.split()[0]) for name, value in fields if name == "Status"), 200)
        self.send_response(status)
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        # The end of the connection is the end of the answer: nothing has to be taken apart for it.
        self.send_header("Connection", "close")
        self.end_headers()
        shutil.copyfileobj(backend.stdout, self.wfile, 1 << 16)
        feeder.join()
        backend.wait()
        self.close_connection = True


class Backend(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Backend(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
