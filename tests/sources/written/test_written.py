"""Places where something is written, tried for real: files in folders, links out of them, and an HTTP server."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.sources.collected import collect, connected, rows

from upheld.sources.source import Misconfigured
from upheld.sources.written import WRITTEN

TEXT = b"Stop it, and start it again.\n"


class Wiki(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = {"/restart": 200, "/secret": 401}.get(self.path, 404)
        self.send_response(status)
        self.send_header("Content-Length", str(len(TEXT)))
        self.end_headers()
        self.wfile.write(TEXT)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def wiki(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("UPHELD_OUTGOING_PRIVATE", "127.0.0.0/8")
    server = HTTPServer(("127.0.0.1", 0), Wiki)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def found(**given: str) -> dict[str, tuple[bool | None, str | None]]:
    into = collect(connected(WRITTEN, **given), "written_places")
    return {str(row["id"]): (row.get("reachable"), row.get("digest")) for row in rows(into, "written_places")}  # type: ignore[misc]


def test_a_file_is_read_in_the_folders_alone(tmp_path: Path) -> None:
    inside = tmp_path / "wiki"
    inside.mkdir()
    (inside / "restart.md").write_bytes(TEXT)
    (inside / "empty.md").touch()
    (tmp_path / "outside.md").write_bytes(TEXT)
    (inside / "link.md").symlink_to(tmp_path / "outside.md")
    places = f"restart.md {inside}/restart.md empty.md ../outside.md {tmp_path}/outside.md link.md none.md"
    tried = found(folders=str(inside), places=places)
    there = (True, sha256(TEXT).hexdigest())
    assert [tried["restart.md"], tried[f"{inside}/restart.md"]] == [there, there]
    assert {place for place, told in tried.items() if told[0] is False} == set(places.split()) - {"restart.md", f"{inside}/restart.md"}


def test_an_address_is_asked_where_that_is_wished(wiki: str) -> None:
    places = f"{wiki}/restart {wiki}/secret {wiki}/none"
    tried = found(places=places, addresses="yes")
    assert tried == {
        f"{wiki}/restart": (True, sha256(TEXT).hexdigest()),
        f"{wiki}/secret": (None, None),
        f"{wiki}/none": (False, None),
    }
    assert set(found(places=places).values()) == {(None, None)}


def test_a_private_address_is_not_asked(wiki: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPHELD_OUTGOING_PRIVATE")
    assert found(places=f"{wiki}/restart", addresses="yes") == {f"{wiki}/restart": (None, None)}


def test_where_nothing_may_be_read_nothing_is_known() -> None:
    assert found(places="restart.md") == {"restart.md": (None, None)}
    with pytest.raises(Misconfigured, match="is not a folder"):
        connected(WRITTEN, folders="/no/such/folder")
    with pytest.raises(Misconfigured, match="not a number of seconds"):
        connected(WRITTEN, patience="long")
