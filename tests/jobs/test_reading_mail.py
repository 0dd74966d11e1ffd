"""A real mailbox, Dovecot's: each mail becomes an event once, within limits; what programs send is left out."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from tests.actors import ledger
from tests.labs import require

from upheld.jobs import reading_mail
from upheld.jobs.chore import Unsuccessful
from upheld.lab.imap import PASSWORD, Dovecot
from upheld.notices import inbox
from upheld.registers.incidents.models import SecurityEvent
from upheld.workspace import Workspace

__all__ = ["ledger"]


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    require("dovecot")
    with Dovecot() as started:
        yield started


@pytest.fixture
def box(dovecot: Dovecot, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """The mailbox, empty, as the workspace names it."""
    monkeypatch.setenv("MAILBOX", PASSWORD)
    (ledger.root / "inbox.toml").write_text(f'{dovecot.settings}password = "env:MAILBOX"\n', encoding="utf-8")
    with dovecot.opened() as connection:
        connection.uid("store", "1:*", "+FLAGS", r"(\Deleted)")
        connection.expunge()
    return dovecot


def mail(subject: str, text: str = "A black window flashed up.", sender: str = "Bob <bob@example.org>", **more: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, subject, f"<{subject.replace(' ', '-')}@example.org>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def events() -> list[tuple[str, str]]:
    return [(each.what, each.contact) for each in SecurityEvent.objects.order_by("pk")]


def test_a_mail_becomes_an_event_once(box: Dovecot) -> None:
    rich = mail("Odd page")
    rich.set_content("<style>p{}</style><p>It asks for my <b>password</b>.</p><script>alert(1)</script>", subtype="html")
    rich.add_attachment(b"PNG", maintype="image", subtype="png", filename="screen.png")
    box.deliver(mail("Virus?"), rich)
    assert reading_mail.read() == "2 reported"
    assert events() == [
        ("Virus?\n\nA black window flashed up.", "Mail from bob@example.org"),
        ("Odd page\n\nIt asks for my\npassword\n.\n\nAttached, and left in the mailbox: screen.png", "Mail from bob@example.org"),
    ]
    assert reading_mail.read() == "nothing new"
    with box.opened() as connection:  # as if the worker was killed before it could mark them
        connection.uid("store", "1:*", "-FLAGS", r"(\Seen)")
    assert reading_mail.read() == "2 reported" and len(events()) == 2


def test_what_programs_send_is_left_out(box: Dovecot) -> None:
    box.deliver(mail("Away", Auto_Submitted="auto-replied"), mail("News", Precedence="bulk"), mail("Bounce", sender="<>"))
    assert reading_mail.read() == "3 left out" and events() == []
    assert reading_mail.read() == "nothing new"


def test_so_many_from_one_and_so_many_in_an_hour(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_mail, "MOST_FROM_ONE", 2)
    monkeypatch.setattr(reading_mail, "MOST_AN_HOUR", 3)
    box.deliver(
        *(mail(f"Flood {number}") for number in range(4)), mail("Fire", sender="ada@example.org"), mail("Ice", sender="cy@example.org")
    )
    assert reading_mail.read() == "3 left for later, 3 reported"
    assert [what.partition("\n")[0] for what, _ in events()] == ["Flood 0", "Flood 1", "Fire"]
    assert reading_mail.read() == "3 left for later"  # they are unread still
    monkeypatch.setattr(reading_mail, "MOST_FROM_ONE", 9)
    monkeypatch.setattr(reading_mail, "MOST_AN_HOUR", 9)
    assert reading_mail.read() == "3 reported"


def test_a_mail_that_is_too_large_is_told_of_without_being_read(box: Dovecot) -> None:
    box.deliver(mail("Pictures", "x" * 76 + "\n" + "spam and eggs\n" * 90_000))
    assert reading_mail.read() == "1 reported"
    assert events() == [("Pictures\n\nThe mail is larger than is read; look at it in the mailbox.", "Mail from bob@example.org")]


def test_hostile_mails_are_text(box: Dovecot) -> None:
    odd = mail("Odd", "\x1b[31mred\x1b[0m <script>alert(1)</script>")
    strange = EmailMessage()
    strange["From"], strange["Subject"] = "x@example.org", "=?unknown-8bit?q?=ff=fe?="
    strange.set_content("plain")
    box.deliver(odd, strange)
    assert reading_mail.read() == "2 reported"
    assert "\x1b" not in events()[0][0] and "<script>" in events()[0][0]


def test_what_keeps_it_from_being_read_is_said_without_the_password(
    box: Dovecot, ledger: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOX", "wrong-horse-7")
    with pytest.raises(Unsuccessful, match="does not let reports in") as told:
        reading_mail.read()
    assert "wrong-horse" not in str(told.value)
    for said, why in (
        (f'{box.settings}password = "secret"\n', "never as itself"),
        (f'{box.settings}password = "env:MAILBOX"\nfolder = "Elsewhere"\n'.replace("MAILBOX", "RIGHT"), "no folder Elsewhere"),
        ('host = "imap.example.org"\nuser = "a"\npassword = "env:RIGHT"\nsecurity = "none"\n', "this machine only"),
        ("host =", "no TOML"),
        ("colour = 3", "says colour"),
        ('host = "127.0.0.1"\nport = 1\nuser = "a"\npassword = "env:RIGHT"\nsecurity = "none"\n', "cannot be reached"),
    ):
        monkeypatch.setenv("RIGHT", PASSWORD)
        (ledger.root / "inbox.toml").write_text(said, encoding="utf-8")
        with pytest.raises(Unsuccessful, match=why):
            reading_mail.read()
    (ledger.root / "inbox.toml").unlink()
    assert not inbox.is_set_up()
