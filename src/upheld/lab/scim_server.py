"""The lab's SCIM server: `python -m upheld.lab.scim_server PORT READER WRITER STOP_AFTER`; who reads may not change anything."""

import os
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_models import ForbiddenException, UnauthorizedException
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.utils import load_default_provider


class Application(WSGIApplication):
    """Two tokens; ends itself before it answers the list request number `stop_after`, where that is above 0."""

    def __init__(self, reader: str, writer: str, stop_after: int) -> None:
        provider = load_default_provider()
        super().__init__(InMemoryStorage(), provider, ScimService(provider))
        self.tokens, self.stop_after, self.lists = {reader: False, writer: True}, stop_after, 0

    def check_auth(self, request: Any) -> None:
        """Let the reader read and the writer do everything."""
        token = (request.header("Authorization") or "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise UnauthorizedException
        if request.method != "GET" and not self.tokens[token]:
            raise ForbiddenException
        if self.stop_after and request.method == "GET" and "startIndex" in request.query:
            self.lists += 1
            if self.lists >= self.stop_after:
                os._exit(0)


class Quiet(WSGIRequestHandler):
    """Logs nothing: answers are what tests look at."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    port, reader, writer, stop_after = sys.argv[1:]
    make_server("127.0.0.1", int(port), Application(reader, writer, int(stop_after)), handler_class=Quiet).serve_forever()
