"""The program behind `MailGateway`: takes mails (SMTP) and uploads (HTTP) without malware. Arguments: two ports, signatures."""

import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

FOUND = 1  # what clamscan ends with


def infected(file: bytes, signatures: str) -> bool:
    """Whether clamscan finds something in `file`."""
    with tempfile.NamedTemporaryFile() as written:
        written.write(file)
        written.flush()
        scanned = subprocess.run(["clamscan", "--no-summary", "-d", signatures, written.name], capture_output=True, check=False)
    return scanned.returncode == FOUND


class Mails:
    """Takes mails."""

    def __init__(self, signatures: str) -> None:
        self.signatures = signatures

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  the library calls it so
        """Answer to the end of a mail."""
        content = envelope.content or b""
        found = infected(content if isinstance(content, bytes) else content.encode(), self.signatures)
        return "554 5.7.1 Malware found" if found else "250 Taken"


def uploads(port: int, signatures: str) -> None:
    """Serve uploads."""

    class Uploads(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(422 if infected(body, signatures) else 201)
            self.end_headers()

    ThreadingHTTPServer(("127.0.0.1", port), Uploads).serve_forever()


def serve(mail_port: int, upload_port: int, signatures: str) -> None:
    """Serve until stopped."""
    threading.Thread(target=uploads, args=(upload_port, signatures), daemon=True).start()
    mails = UnthreadedController(Mails(signatures), hostname="127.0.0.1", port=mail_port)
    mails.begin()  # type: ignore[no-untyped-call]
    mails.loop.run_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
