"""The program behind `TimeStamps`: port, folder and the path of openssl. Answers POST with what `openssl ts -reply` makes of it."""

import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """One request for a time stamp."""

    def do_GET(self) -> None:
        """Say that only POST is answered."""
        self.send_error(405)

    def do_POST(self) -> None:
        """Answer with a token, granted or not as openssl decides."""
        folder, openssl = sys.argv[2:4]
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        with tempfile.TemporaryDirectory() as made:
            (Path(made) / "q").write_bytes(asked)
            words = [openssl, "ts", "-reply", "-config", f"{folder}/openssl.cnf", "-queryfile", f"{made}/q", "-out", f"{made}/r"]
            subprocess.run(words, check=True, capture_output=True, cwd=folder)
            answer = (Path(made) / "r").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
