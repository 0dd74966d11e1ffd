"""Being told of changes by mail, over a real mail server: asked for, confirmed by a button, told once of each change, and ended."""

import re
from datetime import timedelta

import pytest
from tests.mailbox import Mailbox, posted

from upheld import clock
from upheld.jobs import telling_changes
from upheld.ledger import sequencer, store
from upheld.notices import delivering, webhooks
from upheld.notices.models import Notice, Subscription
from upheld.registers.trust import noticing

ASKED = {"mail": "reader@elsewhere.example", "kinds": ["notice", "promise"]}


@pytest.fixture
def mailbox(center, ledger):
    with posted(ledger) as box:
        yield box


def link_in(box: Mailbox) -> str:
    """The path of the subscription's link in the last mail."""
    text = box.mails()[-1].get_body(("plain",)).get_content()
    return re.search(r"(/trust/subscribe/[^/\s]+/)", text)[1]


def told(box: Mailbox, hours: float) -> list[str]:
    """Let the worker look for changes and deliver so many hours later; return the texts of the mails that went out."""
    before = len(box.taken)
    with clock.at(clock.now() + timedelta(hours=hours)):
        for chore in telling_changes.chores(clock.now()):
            chore.work()
        delivering.deliver(clock.now())
    return [mail.get_body(("plain",)).get_content() for mail in box.mails()[before:]]


def test_changes_are_told_after_it_was_confirmed_by_a_button_and_until_it_is_ended(mailbox, lead, stranger):
    assert b"a mail is on its way" in stranger.post("/trust/subscribe/", ASKED).content
    assert told(mailbox, 0) and Subscription.objects.get().confirmed_at is None
    link = link_in(mailbox)
    assert b"Do you want to be told?" in stranger.get(link).content  # as a program that looks at links in mails does
    assert Subscription.objects.get().confirmed_at is None
    assert b"You are told of changes" in stranger.post(link).content
    assert told(mailbox, 0.1) == []  # what was there before is news to nobody
    with clock.at(clock.now() + timedelta(hours=1)):
        noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon.")
    (mail,) = told(mailbox, 2)
    assert "Cards cannot be read" in mail and "Since noon." in mail and link in mail
    assert told(mailbox, 3) == []
    assert b"There is no subscription" in stranger.post(link, {"end": "1"}).content
    with clock.at(clock.now() + timedelta(hours=4)):
        noticing.publish_notice(by=lead, title="Another", text="More.")
    assert told(mailbox, 5) == []
    assert Subscription.objects.get().mail == "" and not Notice.objects.filter(to__contains="elsewhere").exists()
    assert stranger.get(link).status_code == 404
    sequencer.sequence()
    entries = [store.current().entry(number) for number in range(store.current().size())]
    assert not any(b"elsewhere" in entry for entry in entries)
    assert sum(b'"kind":"subscription.' in entry for entry in entries) == 3


def test_only_what_was_chosen_is_told(mailbox, lead, stranger):
    stranger.post("/trust/subscribe/", ASKED | {"kinds": ["certificate"]})
    told(mailbox, 0)
    stranger.post(link_in(mailbox))
    told(mailbox, 0.1)
    with clock.at(clock.now() + timedelta(hours=1)):
        noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon.")
    assert told(mailbox, 2) == []


def test_whoever_asks_is_not_told_who_subscribed_and_sends_no_second_mail(mailbox, stranger):
    first = stranger.post("/trust/subscribe/", ASKED)
    again = stranger.post("/trust/subscribe/", ASKED | {"mail": "Reader@elsewhere.example"})
    assert (again.content, first.cookies) == (first.content, {})
    assert Notice.objects.filter(kind="subscription.confirm").count() == 1


@pytest.mark.parametrize("mail", ["", "nobody", "a@b\nBcc: c@d.example", "a@b.example, c@d.example", "x" * 300 + "@b.example"])
def test_what_is_no_address_is_refused(mailbox, stranger, mail):
    assert stranger.post("/trust/subscribe/", ASKED | {"mail": mail}).status_code == 400
    assert not Subscription.objects.exists()


def test_nobody_can_be_flooded(mailbox, stranger, monkeypatch):
    monkeypatch.setattr("upheld.notices.subscribing.MOST_AN_HOUR", 2)
    answers = [stranger.post("/trust/subscribe/", ASKED | {"mail": f"r{each}@elsewhere.example"}).status_code for each in range(3)]
    assert answers == [200, 200, 400]


def test_a_link_that_is_forged_or_too_late_opens_nothing(mailbox, stranger):
    stranger.post("/trust/subscribe/", ASKED)
    told(mailbox, 0)
    link = link_in(mailbox)
    assert stranger.post(link[:-3] + "xx/").status_code == 404
    with clock.at(clock.now() + timedelta(days=3)):
        assert stranger.post(link).status_code == 404
    assert Subscription.objects.get().confirmed_at is None


def test_without_a_mail_server_it_says_so(center, stranger):
    assert b"No mail is sent from here yet" in stranger.get("/trust/subscribe/").content


def test_a_program_is_told_of_the_kinds_of_change_that_it_wants(center, lead, monkeypatch):
    monkeypatch.setenv("HOOK", "k" * 40)
    for name, kind in (("all", "trust"), ("any", "trust.changed"), ("notices", "trust.changed.notice"), ("other", "trust.changed.policy")):
        webhooks.add(name, f"https://{name}.example/", style="json", secret_reference="env:HOOK", kinds=(kind,))
    telling_changes.tell()
    with clock.at(clock.now() + timedelta(hours=1)):
        noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon.")
        assert [each.name for each in telling_changes.chores(clock.now())] == ["tell of public changes"]
        telling_changes.tell()
    told = Notice.objects.filter(channel="webhook")
    assert sorted((each.to, each.kind) for each in told) == [(name, "trust.changed.notice") for name in ("all", "any", "notices")]
