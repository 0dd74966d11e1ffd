"""A forgotten password: a link by mail, to those who have a password, with nothing told to who asks, and the secret kept nowhere."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.mailbox import Mailbox, posted
from tests.world import account, browser

from upheld import clock
from upheld.accounts import passwords
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.ledger.entry import SYSTEM
from upheld.notices import delivering
from upheld.notices.models import Notice
from upheld.workspace import Workspace

OLD, NEW = "correct horse battery staple 1", "a lamp beside the river 77 sings"


@pytest.fixture
def space(workspace: Workspace, noon: object) -> Workspace:
    sequencer.init("forgotten.example/ledger/main/1")
    return workspace


@pytest.fixture
def mailbox(space: Workspace) -> Iterator[Mailbox]:
    with posted(space) as box:
        yield box


@pytest.fixture
def eve(space: Workspace) -> Account:
    made = account("eve", Role.AUDITOR)
    passwords.change(made, OLD, by=SYSTEM)
    return made


def asked(mail: str) -> str:
    answer = browser(None).post("/sign-in/forgotten/", {"mail": mail})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_link_goes_out_and_lets_in_once_and_another_password_is_set(mailbox: Mailbox, eve: Account, space: Workspace) -> None:
    asked("EVE@example.org ")
    asked("eve@example.org")
    assert delivering.deliver(clock.now()) == (1, 0)
    (mail,) = mailbox.mails()
    (path,) = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)", mail.get_body(("plain",)).get_content())
    secret = path.split("/")[-2]
    assert not [file for file in space.root.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
    client = browser(None)
    assert client.post(path).status_code == 302
    assert browser(None).post(path).status_code == 410
    page = client.get("/account/password/").content.decode()
    assert 'name="oldpassword"' not in page
    assert client.post("/account/password/", {"password1": NEW, "password2": NEW}).status_code == 302
    eve.refresh_from_db()
    assert eve.check_password(NEW) and not eve.check_password(OLD)


def test_whoever_asks_is_told_the_same_and_only_who_has_a_password_gets_one(mailbox: Mailbox, eve: Account) -> None:
    account("sam")  # signs in by single sign-on alone
    gone = account("gus")
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    said = {
        re.sub(r'value="[^"]*"', "", asked(mail))
        for mail in ("eve@example.org", "sam@example.org", "gus@example.org", "x@y.example", "ä\x00")
    }
    assert len(said) == 1
    assert [each.to for each in Notice.objects.all()] == ["eve@example.org"]


def test_the_old_password_is_asked_for_from_who_signed_in_with_it_or_came_by_a_link_long_ago(mailbox: Mailbox, eve: Account) -> None:
    asked("eve@example.org")
    delivering.deliver(clock.now())
    path = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)", mailbox.mails()[0].get_body(("plain",)).get_content())[0]
    client = browser(None)
    client.post(path)
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert (
            "password1" not in client.get("/account/password/").content.decode()
            or 'name="oldpassword"' in client.get("/account/password/").content.decode()
        )
    other = browser(None)
    other.post("/sign-in/", {"login": "eve@example.org", "password": OLD})
    assert 'name="oldpassword"' in other.get("/account/password/").content.decode()


def test_without_mail_the_page_says_whom_to_ask(space: Workspace) -> None:
    assert "An administrator can give you a link" in browser(None).get("/sign-in/forgotten/").content.decode()
    assert not Notice.objects.exists()
