"""Orders for what has no interface: handed out once, open until a second person says what was done."""

import http.server
import json
import threading

import pytest
from tests.sources.ordering import order

from upheld import clock
from upheld.ledger.entry import Actor, Evidence
from upheld.sources import journal
from upheld.sources.handed_out import HANDED_OUT
from upheld.sources.models import Enforcement
from upheld.sources.source import Misconfigured

BOB = Actor("account", "bob", "web")


def test_a_file_is_written_once_and_a_second_person_settles_it(company, folder):
    source = company.add("badges", "handed_out", {"system": "badges", "folder": str(folder)})
    done = journal.enforce(source, order("revoke", "ada", "server room"), key="ada/1", reason="leaver-case:7").order
    (path,) = folder.iterdir()
    told = json.loads(path.read_text())
    assert (told["order"], told["verb"], told["account"], told["entitlement"], told["reason"]) == (
        done.id, "revoke", "ada", "server room", "leaver-case:7",
    )  # fmt: skip
    assert (done.outcome, oct(path.stat().st_mode & 0o777)) == ("unknown", "0o600")
    path.unlink()  # who carries it out took it
    assert journal.carry_out(done).order.outcome == "unknown"
    assert journal.waiting(clock.now().replace(year=2099)) == []
    assert list(folder.iterdir()) == []
    settled = journal.confirm(done, done=True, by=BOB, reason="confirmation:1", evidence=[Evidence("ab" * 32, 10)])
    assert (settled.outcome, settled.said) == ("carried_out", "done, as a second person says (confirmation:1)")
    with pytest.raises(journal.NotWaiting):
        journal.confirm(done, done=False, by=BOB, reason="confirmation:2")


def test_what_is_read_back_is_settled_by_nobodys_word(company, folder):
    source = company.add("badges", "handed_out", {"system": "badges", "folder": str(folder)})
    row = journal.intend(source, order("disable", "ada"), key="ada/2")
    with pytest.raises(journal.NotWaiting):
        journal.confirm(row, done=True, by=BOB, reason="confirmation:1")
    assert company.order(source, order("reset_secret", "ada")).outcome == "refused"


def test_a_webhook_is_signed_and_told_again_under_the_same_id_until_it_answers(company, monkeypatch):
    came, answers = [], [503, 204]

    class Target(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.headers["webhook-id"], self.headers["webhook-signature"], json.loads(body)))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("UPHELD_OUTGOING_PRIVATE", "127.0.0.0/8")
    try:
        url = f"http://127.0.0.1:{server.server_port}/orders"
        source = company.add("desk", "handed_out", {"system": "desk", "url": url, "signing_secret": "s" * 40})
        assert company.order(source, order("disable", "ada"), key="ada/3").said.startswith(f"{url} answered with status 503")
        assert company.order(source, order("disable", "ada"), key="ada/3").said.startswith("handed over: ")
    finally:
        server.shutdown()
        server.server_close()
    assert [each[0] for each in came] == [Enforcement.objects.get(key="ada/3").id] * 2
    assert all(each[1].startswith("v1,") and each[2]["account"] == "ada" for each in came)


@pytest.fixture
def folder(tmp_path):
    """Return an empty folder for orders."""
    (tmp_path / "orders").mkdir()
    return tmp_path / "orders"


@pytest.mark.parametrize(
    "settings", [{}, {"folder": "/nowhere"}, {"url": "ftp://x"}, {"url": "https://x.example", "signing_secret": "short"}]
)
def test_what_makes_no_sense_is_refused(settings):
    with pytest.raises(Misconfigured):
        HANDED_OUT.connect({"system": "x", "folder": "", "url": "", "signing_secret": "", **settings})
