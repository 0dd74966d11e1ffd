"""Feeds: every kind of change in every form, by itself and with the others."""

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from upheld.checks.verdict import State
from upheld.registers.trust.models import Shown
from upheld.web.trust import feeds
from upheld.web.trust.changing import KINDS, with_changes
from upheld.web.trust.public import (
    Public,
    PublicCertificate,
    PublicDestination,
    PublicDocument,
    PublicNews,
    PublicPolicy,
    PublicPromise,
    PublicSection,
    PublicShare,
    PublicVersion,
    Said,
    Turn,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY, TODAY = timedelta(days=1), date(2026, 5, 4)
TITLES = {
    "notice": ["Update: Cards cannot be read", "Cards cannot be read"],
    "sub-processor": [
        "Announced: Mail, 3 June 2026",
        "Data may no longer go to: Sealand",
        "No longer in use: Print",
        "In use: Print",
        "Data may go to: Sealand",
    ],
    "promise": ["Upheld again: acme:1", "Broken: acme:1"],
    "document": ["Published: Acme, version 2", "Published: Acme, version 1"],
    "policy": ["Policy published: Keys, version 4"],
    "certificate": [
        "Certificate withdrawn: ISO 22301",
        "Certificate no longer in force: ISO 9001",
        "Certificate issued: ISO 22301, until 1 January 2028",
        "Certificate issued: ISO 9001, until 1 May 2026",
    ],
}
ATOM = "{http://www.w3.org/2005/Atom}"


def public() -> Public:
    turns = (Turn(NOW - 9 * DAY, State.UPHELD), Turn(NOW - 8 * DAY, State.BROKEN), Turn(NOW - 7 * DAY, State.UPHELD))
    promise = PublicPromise("acme:1", "acme-1", "1", "Doors.", "", (), Shown.STATE, State.UPHELD, turns=turns)
    versions = (
        PublicVersion("2", NOW - 2 * DAY, "b" * 64, "e2", first=False, changed=1, added=0, removed=0),
        PublicVersion("1", NOW - 90 * DAY, "a" * 64, "e1", first=True, changed=0, added=1, removed=0),
    )
    section = PublicSection("1", "All", False, (promise,))
    document = PublicDocument("acme", "Acme", "2", "en", "", versions[0].published_at, "b" * 64, "e2", 0, NOW, (section,), versions)
    mail = PublicShare("sub-processor", "mail", "Mail", "Sends", (), ("DE",), "", False, NOW - DAY, date(2026, 6, 3), None, None)
    ended = replace(
        mail, name="print", title="Print", announced_at=None, planned_on=None, started_on=date(2026, 1, 5), ended_on=date(2026, 4, 5)
    )
    certificate = PublicCertificate("ISO 9001", "All", "N", "1", date(2025, 6, 1), date(2026, 5, 1), None, False)
    withdrawn = replace(
        certificate, standard="ISO 22301", issued_on=date(2026, 1, 1), until_on=date(2028, 1, 1), withdrawn_on=date(2026, 5, 3)
    )
    running = replace(certificate, standard="ISO 27001", issued_on=date(2024, 1, 1), until_on=date(2027, 1, 1), in_force=True)
    said = {each.name: "" for each in fields(Public)} | {
        "company": "Acme",
        "home": "https://trust.acme.example/",
        "day": TODAY,
        "documents": (document,),
        "policies": (PublicPolicy("keys", "Keys", "policy", 4, NOW - 5 * DAY, "c", "", ""),),
        "shares": (mail, ended),
        "destinations": (PublicDestination("Sealand", "", "Support", NOW - 200 * DAY, NOW - 3 * DAY),),
        "certificates": (certificate, withdrawn, running),
        "news": (PublicNews(1, "Cards cannot be read", (Said(NOW - 4 * DAY, "Since noon."), Said(NOW - 3 * DAY, "Over.")), NOW),),
        "changes": (),
    }
    return with_changes(Public(**said), NOW)


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_feed_has_every_change_of_its_kind_and_no_other(kind):
    known = public()
    expected = TITLES[kind] if kind else sorted(title for titles in TITLES.values() for title in titles)
    atom = ElementTree.fromstring(feeds.atom(known, kind))
    titles = [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")]
    assert (titles if kind else sorted(titles)) == expected
    items = json.loads(feeds.json_feed(known, kind))
    assert [each["title"] for each in items["items"]] == titles and {tag for each in items["items"] for tag in each["tags"]} == (
        {kind} if kind else set(KINDS)
    )
    home, where = "https://trust.acme.example/", feeds.paths(kind)
    assert [items["feed_url"], atom.find(f"{ATOM}link").get("href")] == [home + where[1], home + where[0]]


def test_each_feed_and_each_change_has_a_name_of_its_own_that_is_the_same_in_each_feed():
    known = public()
    feed_ids = [ElementTree.fromstring(feeds.atom(known, kind)).findtext(f"{ATOM}id") for kind in ("", *KINDS)]
    assert len(set(feed_ids)) == len(feed_ids)
    ids = [{each["id"] for each in json.loads(feeds.json_feed(known, kind))["items"]} for kind in ("", *KINDS)]
    assert ids[0] == set().union(*ids[1:]) and len(ids[0]) == sum(map(len, ids[1:])) == len(known.changes)


def test_calendars_have_the_days_to_come_and_of_one_kind_those_on_which_something_changed():
    known = public()
    days = {kind: _days(feeds.calendar(known, kind)) for kind in ("", *KINDS)}
    come = {("Acme: Mail: Sends", date(2026, 6, 3)), ("Acme: Last day of the certificate: ISO 27001", date(2027, 1, 1))}
    assert days[""] == come
    for kind in KINDS:
        assert {said.removeprefix("Acme: ") for said, _on in days[kind] - come} == set(TITLES[kind]), kind
    assert days["sub-processor"] & come == {("Acme: Mail: Sends", date(2026, 6, 3))}
    assert ("Acme: Certificate withdrawn: ISO 22301", date(2026, 5, 3)) in days["certificate"]


def _days(calendar: bytes) -> set[tuple[str, date]]:
    return {(str(event["summary"]), event["dtstart"].dt) for event in Calendar.from_ical(calendar).walk("VEVENT")}
