"""A real browser, Debian's Chromium, headless, at a real server on a real socket."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from playwright.sync_api import BrowserContext, Page, sync_playwright

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages on a free port of this machine, one request at a time, and yield the address."""

    class Served(WSGIServer):
        def process_request(self, request: object, client_address: object) -> None:
            super().process_request(request, client_address)
            connection.close()  # each thread has its own

    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=Served, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium(**options: object) -> Iterator[BrowserContext]:
    """Yield a fresh window of Chromium; skips where it is not installed, fails where the lab is required."""
    program = shutil.which("chromium")
    if program is None:
        (pytest.fail if os.environ.get("UPHELD_REQUIRE_LAB") == "1" else pytest.skip)("chromium is not installed: run `make lab`")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread, and tests look at rows between
        connection.close()  # Django keeps one for threads with a loop, which may still be at the database of the test before
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        try:
            yield browser.new_context(**options)
        finally:
            browser.close()
            connection.close()


def with_passkeys(page: Page) -> None:
    """Give `page` an authenticator that holds passkeys and always finds its owner there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
