"""Mail through a real mail server, webhooks to a real web server: delivered, tried again, given up, each with its entry."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from tests.mailbox import posted

from upheld import clock
from upheld.ledger import sequencer
from upheld.ledger.models import Outbox
from upheld.notices import delivering, queueing, webhooks
from upheld.notices.errors import NoticesMisconfigured
from upheld.notices.mail import server
from upheld.notices.models import Notice
from upheld.notices.queueing import Told

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
MEASURE = "authorization/account_owned"
HELLO = Told("finding.opened", "An account belongs to nobody", "It is on the CRM.", "/findings/7", {"measure": MEASURE})


@pytest.fixture
def ledger(workspace, noon):
    sequencer.init("sample.example/ledger/main/1")
    return workspace


@pytest.fixture
def mailbox(ledger):
    with posted(ledger) as box:
        yield box


@pytest.fixture
def receiver(ledger, monkeypatch):
    """A web server that keeps what it is sent and answers with `status`."""
    kept = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            kept.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.status, web.kept, web.url = 200, kept, f"http://127.0.0.1:{web.server_port}/hook"
    threading.Thread(target=web.serve_forever, daemon=True).start()
    monkeypatch.setenv("UPHELD_OUTGOING_PRIVATE", "127.0.0.0/8")
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("HOOK_URL", web.url)
    yield web
    web.shutdown()
    web.server_close()


def entries() -> list[str]:
    return [json.loads(bytes(row.data))["kind"] for row in Outbox.objects.order_by("n")]


def test_a_mail_goes_out_once_with_one_link_and_its_entry(mailbox, noon):
    queueing.mail(HELLO, to="ada@sample.example", person="p1")
    assert delivering.deliver(noon) == (1, 0)
    assert delivering.deliver(noon) == (0, 0)
    (raw,) = mailbox.taken
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == ("ada@sample.example", HELLO.title, "auto-generated")
    plain = mail.get_body(("plain",)).get_content()
    assert plain.split() == [
        "An",
        "account",
        "belongs",
        "to",
        "nobody",
        "It",
        "is",
        "on",
        "the",
        "CRM.",
        "http://127.0.0.1:8000/findings/7",
    ]
    assert mail.get_body(("html",)).get_content().count("href=") == 1
    assert entries()[-1:] == ["notice.sent"]
    assert b"ada@sample.example" not in b"".join(bytes(row.data) for row in Outbox.objects.all())


def test_what_an_undone_step_would_have_told_is_not_told(mailbox, noon):
    with pytest.raises(RuntimeError), transaction.atomic():
        queueing.mail(HELLO, to="ada@sample.example")
        raise RuntimeError
    assert delivering.deliver(noon) == (0, 0)


def test_what_can_wait_is_told_together_the_next_morning(mailbox, noon):
    for number in range(3):
        queueing.mail(Told("duty.due", f"Review {number}", link=f"/duties/{number}"), to="ada@sample.example", at_once=False)
    queueing.mail(Told("duty.due", "Review 9"), to="bo@sample.example", at_once=False)
    assert delivering.deliver(noon) == (0, 0)
    morning = queueing.next_digest(noon)
    assert morning.isoformat() == "2026-05-05T05:00:00+00:00"
    with clock.at(morning):
        assert delivering.deliver(morning) == (4, 0)
    subjects = sorted(message_from_bytes(raw, policy=policy.default)["Subject"] for raw in mailbox.taken)
    assert subjects == ["3 things for you", "Review 9"]


def test_an_address_that_is_refused_for_good_is_given_up_and_one_refused_for_now_is_tried_again(mailbox, noon):
    gone = queueing.mail(HELLO, to="gone@sample.example")
    busy = queueing.mail(HELLO, to="busy@sample.example")
    assert delivering.deliver(noon) == (0, 2)
    gone.refresh_from_db()
    busy.refresh_from_db()
    assert (gone.given_up_at, busy.given_up_at, busy.not_before_at) == (noon, None, noon + timedelta(minutes=1))
    assert "550 no such mailbox" in gone.error
    assert entries()[-1:] == ["notice.given-up"]


def test_after_the_last_rest_it_is_given_up_and_can_be_tried_again_by_hand(mailbox, noon):
    notice, now = queueing.mail(HELLO, to="busy@sample.example"), noon
    for rest in (*delivering.RESTS, timedelta(0)):
        with clock.at(now):
            assert delivering.deliver(now) == (0, 1)
        now += rest
    notice.refresh_from_db()
    assert notice.given_up_at and notice.attempts == len(delivering.RESTS) + 1
    delivering.retry(notice)
    Notice.objects.update(to="ada@sample.example")
    assert delivering.deliver(now) == (1, 0)


def test_without_a_mail_server_mail_waits_and_says_why(ledger, noon):
    notice = queueing.mail(HELLO, to="ada@sample.example")
    assert delivering.deliver(noon) == (0, 1)
    notice.refresh_from_db()
    assert "mail.toml" in notice.error and notice.given_up_at is None


@pytest.mark.parametrize("to", ["", "no address", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "a@", "\x00@b.example"])
def test_what_is_no_address_is_given_up(mailbox, noon, to):
    queueing.mail(HELLO, to=to)
    assert delivering.deliver(noon) == (0, 1)
    assert Notice.objects.get().given_up_at and mailbox.taken == []


def test_a_title_cannot_write_headers_nor_markup(mailbox, noon):
    queueing.mail(Told("x.y", "Hi\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>", "<img src=x>"), to="ada@sample.example")
    assert delivering.deliver(noon) == (1, 0)
    mail = message_from_bytes(mailbox.taken[0], policy=policy.default)
    assert mail["Bcc"] is None
    assert "<script>" not in mail.get_body(("html",)).get_content() and "<img" not in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('host = "mail.example.org"\nsecurity = "none"\nsender = "u@example.org"', "this machine only"),
        ('host = "mail.example.org"\nsender = "nobody"', "sender"),
        ('host = "mail.example.org"\nsender = "u@example.org"\npasword = "x"', "pasword"),
        ("host =", "no TOML"),
    ],
)
def test_a_wrong_mail_file_is_refused_in_words(ledger, said, why):
    (ledger.root / "mail.toml").write_text(said, encoding="utf-8")
    with pytest.raises(NoticesMisconfigured, match=why):
        server()


def test_a_webhook_is_told_and_can_tell_that_it_was_us(receiver, noon):
    webhooks.add("siem", receiver.url, secret_reference="env:HOOK_SECRET", kinds=["finding"])
    assert len(queueing.programs(HELLO)) == 1
    assert queueing.programs(Told("duty.due", "Other")) == []
    assert delivering.deliver(noon) == (1, 0)
    ((headers, body),) = receiver.kept
    said = {name.lower(): value for name, value in headers.items()}
    signed = f"{said['webhook-id']}.{said['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()).decode()
    assert said["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body) == {
        "type": "finding.opened",
        "timestamp": "2026-05-04T12:00:00Z",
        "data": {"title": HELLO.title, "link": "http://127.0.0.1:8000/findings/7", "measure": "authorization/account_owned"},
    }


def test_chat_programs_are_told_in_their_own_shapes(receiver, noon):
    for style in ("slack", "teams"):
        webhooks.add(style, "env:HOOK_URL", style=style)
    queueing.programs(Told("x.y", "<!channel> & more", link="/"))
    assert delivering.deliver(noon) == (2, 0)
    slack, teams = sorted((json.loads(body) for _, body in receiver.kept), key=len)
    assert slack == {"text": "<http://127.0.0.1:8000/|&lt;!channel&gt; &amp; more>"}
    assert teams["attachments"][0]["content"]["body"][0]["text"] == "<!channel> & more"


def test_a_webhook_that_fails_is_tried_again_and_one_that_is_gone_is_not(receiver, noon):
    webhooks.add("siem", receiver.url, secret_reference="env:HOOK_SECRET")
    receiver.status = 503
    (notice,) = queueing.programs(HELLO)
    assert delivering.deliver(noon) == (0, 1)
    notice.refresh_from_db()
    assert notice.given_up_at is None and "503" in notice.error
    receiver.status = 410
    with clock.at(noon + timedelta(minutes=1)):
        assert delivering.deliver(clock.now()) == (0, 1)
    notice.refresh_from_db()
    assert notice.given_up_at


def test_a_webhook_cannot_lead_inside_nor_go_unsigned(ledger, noon, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.delenv("UPHELD_OUTGOING_PRIVATE", raising=False)
    wrong = [
        {"name": "a", "url": "http://127.0.0.1/x"},
        {"name": "b", "url": "ftp://example.org/x", "secret_reference": "env:HOOK_SECRET"},
        {"name": "C d", "url": "https://example.org", "secret_reference": "env:HOOK_SECRET"},
        {"name": "c", "url": "https://hooks.example.org/secret", "style": "slack"},
        {"name": "d", "url": "env:NOT_SET", "style": "slack"},
    ]
    for given in wrong:
        with pytest.raises(NoticesMisconfigured):
            webhooks.add(**given)
    webhooks.add("inside", "http://169.254.169.254/latest", secret_reference="env:HOOK_SECRET")
    queueing.programs(HELLO)
    assert delivering.deliver(noon) == (0, 1)
    assert "no public address" in Notice.objects.get().error


def test_a_secret_is_nowhere_in_the_workspace(receiver, ledger, noon):
    webhooks.add("siem", receiver.url, secret_reference="env:HOOK_SECRET")
    queueing.programs(HELLO)
    delivering.deliver(noon)
    marker = SECRET.removeprefix("whsec_").encode()
    assert not [path for path in ledger.root.rglob("*") if path.is_file() and marker in path.read_bytes()]
