"""What strangers read: the document as published, how each promise stands and since when; and never what is not public."""

import gzip
import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from tests import actors
from tests.web.trust.conftest import DOCUMENT, LEAVERS, RESTORES, SECRET_NAMES, leaver

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.documents.models import Step
from upheld.documents.publication import record
from upheld.ledger import signers, store
from upheld.ledger.checkpoint import parse_key
from upheld.ledger.sequencer import sequence
from upheld.ledger.verify import proof
from upheld.registers.governance import policies
from upheld.registers.governance.models import Holding
from upheld.registers.governance.policy_models import Audience, PolicyKind, PolicyVersion
from upheld.registers.governance.publication_models import DocumentVersion, Stage
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.registers.rules import fill
from upheld.registers.trust import noticing, opening
from upheld.registers.trust.models import Language, Shown
from upheld.verdicts.models import MeasureVerdict
from upheld.web.trust import serving
from upheld.web.trust.site import FILES

ATOM = "{http://www.w3.org/2005/Atom}"


def text(answer) -> str:
    words = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", words)


def everything(stranger) -> dict[str, bytes]:
    """Every public file, by its path."""
    site = serving.current()
    paths = [*site.pages, *(f"{path}index.json" for path in site.pages), *FILES, *(f"proofs/{each}.tlog-proof" for each in site.entries)]
    paths += ["verify/", "verify/index.json", "verify/checkpoint", "verify/key", *site.papers]
    paths += ["search/?q=leave", "search/?q=Mallory", "de/", "de/changes/atom.xml"]
    found = {path: stranger.get(f"/trust/{path}") for path in paths}
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    return {path: answer.content for path, answer in found.items()} | {"security.txt": stranger.get("/.well-known/security.txt").content}


def test_nothing_is_public_before_somebody_opens_it(published, stranger):
    assert [stranger.get(path).status_code for path in ("/trust/", "/trust/documents/acme/", "/.well-known/security.txt")] == [404] * 3


def test_a_stranger_reads_how_each_promise_stands(center, stranger):
    said = text(stranger.get("/trust/"))
    assert "1 of 4 promises is upheld." in said
    assert "✕ broken 1" in said and "○ unproven 1" in said and "state not shown 1" in said
    said = text(stranger.get("/trust/documents/acme/"))
    assert "✕ broken Accounts of people who leave are closed on their last day. last proven 2 May 2026" in said
    assert "– not shown Nobody keeps rights." in said
    assert "● upheld Every backup is restored and looked at. last proven 4 May 2026" in said
    assert "○ unproven Backups lie in two places. never proven" in said


def test_a_promise_says_since_when_and_what_proves_it(center, stranger):
    said = text(stranger.get("/trust/promises/acme-1.1/"))
    assert "Since 2 May 2026, 12:00 UTC Last proven 2 May 2026, 12:00 UTC" in said
    assert "Tested, last on 4 May 2026, 12:00 UTC · 1 of 2 subjects pass · proof" in said
    assert "upheld: 18 days" in said or "upheld: 11 days" in said


def test_what_is_not_shown_is_said_to_be_so_and_counts_as_upheld_nowhere(center, lead, stranger, judged, noon):
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.SENTENCE, customers=Shown.SENTENCE, why="Not now.")
    shown = text(stranger.get("/trust/promises/acme-2.1/"))
    assert "state not shown" in shown and "upheld" not in shown.replace("It counts as upheld nowhere", "")
    counted = json.loads(stranger.get("/trust/documents/acme/index.json").content)["shows"]["stands"]
    assert (counted["counts"]["upheld"], counted["hidden"], counted["total"]) == (0, 2, 4)
    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.STATE, customers=Shown.STATE, why="The state alone.")
    shown = text(stranger.get("/trust/promises/acme-2.1/"))
    assert "● upheld" in shown and "What proves it is not shown here." in shown and "pass" not in shown


def test_customers_are_never_shown_less_than_everybody(center, lead):
    from upheld.actions.errors import Ill

    with pytest.raises(Ill, match="at least as much"):
        opening.show_promise(by=lead, promise="acme:2.1", public=Shown.NUMBERS, customers=Shown.STATE, why="?")
    with pytest.raises(Ill, match="no such promise"):
        opening.show_promise(by=lead, promise="acme:9", public=Shown.STATE, customers=Shown.STATE, why="?")


def test_a_verdict_that_ages_is_not_upheld_any_longer(center, judged, stranger, noon):
    judged(State.UPHELD, leaver("crm"), measure=RESTORES, at=noon, stale_at=noon + timedelta(hours=2))
    assert "● upheld 1" in text(stranger.get("/trust/"))
    with clock.at(noon + timedelta(hours=3)):
        said = text(stranger.get("/trust/documents/acme/"))
    assert "○ unproven Every backup is restored" in said and "● upheld" not in said


def test_a_break_is_shown_once_its_published_grace_time_is_over(center, lead, judged, stranger, noon):
    version = DocumentVersion(document="acme", edition="3", title="t", digest="d", summary="s", state=Stage.PUBLISHED, author="P-lea")
    DocumentVersion.objects.bulk_create([fill(version, drafted_at=noon, grace_hours=24, salt="")])
    judged(State.BROKEN, leaver("crm", False), measure=RESTORES, at=noon)
    said = text(stranger.get("/trust/documents/acme/"))
    assert "● upheld Every backup is restored" in said and "as it stood before for 24 hours at most" in said
    assert "Broken: acme:2.1" not in text(stranger.get("/trust/changes/"))
    with clock.at(noon + timedelta(hours=25)):
        assert "✕ broken Every backup is restored" in text(stranger.get("/trust/documents/acme/"))
        assert "Broken: acme:2.1" in text(stranger.get("/trust/changes/"))
    with clock.at(noon + timedelta(hours=1)):  # mended within it is told afterwards all the same
        judged(State.UPHELD, leaver("crm"), measure=RESTORES, at=clock.now())
        assert "● upheld Every backup is restored" in text(stranger.get("/trust/documents/acme/"))
        assert "unproven: " not in text(stranger.get("/trust/promises/acme-2.1/"))
    with clock.at(noon + timedelta(hours=26)):
        assert "Broken: acme:2.1" in text(stranger.get("/trust/changes/"))


def test_a_past_that_was_whitewashed_in_the_database_is_not_shown_so(center, stranger, lead):
    before = text(stranger.get("/trust/promises/acme-1.1/"))
    MeasureVerdict.objects.filter(measure=LEAVERS, until_at=None).update(state="upheld")
    noticing.publish_notice(by=lead, title="Something else", text="So that all is gathered anew.")
    after = text(stranger.get("/trust/promises/acme-1.1/"))
    assert "✕ broken" in before and "upheld: 18 days, broken: 3 days" in before
    assert "● upheld 2" not in after and "○ unproven Since" in after and "upheld: 18 days, unproven: 3 days" in after


def test_no_page_and_no_file_names_what_is_hidden(center, lead, stranger):
    policy(lead, "secret-plan", public=False)
    policy(lead, "open-plan", public=True)
    found = everything(stranger)
    assert len(found) > 25
    for path, content in found.items():
        for name in () if path.endswith(".pyz") else (*SECRET_NAMES, "secret-plan", "Title of secret-plan"):
            assert name.encode() not in content, (path, name)
    assert b"Title of open-plan" in found["policies/"]  # what is public is there


def test_every_page_has_a_twin_for_programs_and_the_feeds_can_be_read(center, lead, stranger):
    noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon.")
    found = everything(stranger)
    twins = {path: json.loads(content) for path, content in found.items() if path.endswith(".json")}
    promise = twins["promises/acme-1.1/index.json"]["shows"]["promise"]
    assert (promise["state"], promise["since"], promise["means"][0]["passing"]) == ("broken", "2026-05-02T12:00:00Z", 1)
    feed = ElementTree.fromstring(found["changes/atom.xml"])
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Cards cannot be read", "Broken: acme:1.1", "Published: How Acme protects data, version 3"]
    items = twins["changes/feed.json"]["items"]
    assert [each["title"] for each in items] == titles
    assert [each["id"] for each in items] == [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert Calendar.from_ical(found["changes/calendar.ics"]).get("x-wr-calname") == "Acme: changes"
    assert "Cards cannot be read" in text(stranger.get("/trust/"))


def test_a_new_version_says_how_it_differs_and_the_text_before_is_gone(center, published, stranger):
    file = published.documents / "acme.toml"
    text_now = file.read_text(encoding="utf-8").replace('version = "3"', 'version = "4"').replace("Nobody keeps rights.", "Rights end.")
    file.write_text(text_now, encoding="utf-8")
    for step in (Step.APPROVED, Step.PUBLISHED):
        record("acme", step, by="P-lea")
    sequence()
    page = stranger.get("/trust/documents/acme/").content.decode()
    assert text(stranger.get("/trust/documents/acme/")).count("proof") == 3  # of the version in force, and of each in the list
    assert "Against the version before, 1 promises differ, 0 are new, and 0 are gone." in page and "The first version." in page
    entries = re.findall(r"proofs/([^.]+)\.tlog-proof", page)
    assert len(set(entries)) == 2 and all(stranger.get(f"/trust/proofs/{entry}.tlog-proof").status_code == 200 for entry in entries)
    assert [each["title"] for each in json.loads(stranger.get("/trust/changes/document/feed.json").content)["items"]] == [
        "Published: How Acme protects data, version 4",
        "Published: How Acme protects data, version 3",
    ]
    assert "Rights end." in page and not any(b"Nobody keeps rights." in content for content in everything(stranger).values())


def test_proofs_are_handed_out_for_what_pages_name_and_hold(center, stranger):
    site, log = serving.current(), store.current()
    keys = [each.key for each in signers.policy(log).keys]
    assert len(site.entries) == 3  # the publication, and how two measures stand
    for entry in site.entries:
        report = proof.verify(stranger.get(f"/trust/proofs/{entry}.tlog-proof").content, log.origin, keys)
        assert report.holds, report
    other = next(each for each in (json.loads(log.entry(n))["id"] for n in range(log.size())) if each not in site.entries)
    assert stranger.get(f"/trust/proofs/{other}.tlog-proof").status_code == 404
    assert parse_key(stranger.get("/trust/verify/key").content.decode()) in keys


def test_where_weaknesses_are_reported_is_where_everybody_looks(center, stranger):
    said = stranger.get("/.well-known/security.txt")
    assert said.content.decode().splitlines() == [
        "Contact: mailto:security@acme.example",
        "Expires: 2026-12-01T00:00:00Z",
        "Preferred-Languages: en",
    ]
    with clock.at(clock.now() + timedelta(days=300)):
        assert stranger.get("/.well-known/security.txt").status_code == 404


def test_a_page_is_made_once_and_asked_for_again_costs_little(center, stranger, django_assert_max_num_queries):
    from django.db import connection

    first = stranger.get("/trust/documents/acme/", headers={"accept-encoding": "gzip"})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = stranger.get("/trust/documents/acme/", headers={"accept-encoding": "gzip"})
    assert (again.content, again.headers["Content-Encoding"]) == (first.content, "gzip")
    assert len(queries) <= 8, [each["sql"] for each in queries]
    assert b"Accounts of people" in gzip.decompress(first.content)
    same = stranger.get("/trust/documents/acme/", headers={"if-none-match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert first.cookies == {} and "public" in first.headers["Cache-Control"]


def test_searching_finds_what_is_public(center, lead, stranger):
    noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon, every backup stands still.")
    found = json.loads(stranger.get("/trust/search/index.json", {"q": "every backup"}).content)["shows"]
    assert [each["id"] for each in found["promises"]] == ["acme:2.1"] and found["news"][0]["title"] == "Cards cannot be read"
    assert "Notice Cards cannot be read" in text(stranger.get("/trust/search/", {"q": "since NOON"}))
    assert "1 is about “restored backup”" in text(stranger.get("/trust/search/", {"q": "restored backup"}))
    hostile = stranger.get("/trust/search/", {"q": "<script>"}).content.decode()
    assert "0 are about “&lt;script&gt;”" in hostile and "<script>" not in hostile


def test_in_german_every_word_of_the_pages_own_is(center, lead, stranger):
    said = {"company": "Acme", "contact": "security@acme.example", "public": Shown.NUMBERS, "language": Language.GERMAN}
    opening.change_trust_center(center, by=lead, **said)
    page = stranger.get("/trust/promises/acme-1.1/")
    assert b'<html lang="de">' in page.content
    assert "✕ gebrochen Seit 2. Mai 2026, 12:00 UTC Zuletzt belegt 2. Mai 2026" in text(page)
    assert "1 von 2 Gegenständen bestehen · Nachweis" in text(page)
    assert "1 von 4 Zusagen wird gehalten." in text(stranger.get("/trust/"))
    assert "Gebrochen: acme:1.1" in text(stranger.get("/trust/changes/"))
    english = ("Check it", "promises", "proven", "Published", "Nothing", "Changes", "Since", "shown")
    for path in ("", "documents/acme/", "sub-processors/", "certificates/", "policies/", "notices/", "changes/", "verify/", "subscribe/"):
        shown = text(stranger.get(f"/trust/{path}"))
        assert not [word for word in english if word in shown], path


def test_search_engines_are_sent_to_the_trust_center_and_to_nothing_else(center, stranger, settings):
    assert stranger.get("/robots.txt").status_code == 404  # nobody knows the address
    settings.ADDRESS = "https://upheld.acme.example"
    serving._kept.clear()
    said = stranger.get("/robots.txt").content.decode()
    assert said.split("\n")[:3] == ["User-agent: *", "Allow: /trust/", "Disallow: /"]
    listed = stranger.get("/trust/sitemap.xml").content.decode()
    assert "Sitemap: https://upheld.acme.example/trust/sitemap.xml" in said
    assert 'hreflang="de" href="https://upheld.acme.example/trust/de/promises/acme-1.1/"' in listed
    for address in re.findall(r"<loc>https://upheld.acme.example(.*?)</loc>", listed):
        assert stranger.get(address).status_code == 200, address


def test_closed_again_it_is_gone(center, lead, stranger):
    assert stranger.get("/trust/").status_code == 200
    opening.close_trust_center(center, by=lead, why="We move.")
    assert stranger.get("/trust/").status_code == 404


def test_a_text_that_was_changed_since_it_was_published_is_not_shown_as_published(center, published, stranger):
    assert stranger.get("/trust/documents/acme/").status_code == 200
    (published.documents / "acme.toml").write_text(DOCUMENT.replace("closed on their last day", "closed at some time"), encoding="utf-8")
    assert b"at some time" not in stranger.get("/trust/documents/acme/").content


def policy(by: Person, name: str, *, public: bool) -> None:
    """Let a policy be written, approved by the management, and published."""
    max_ = actors.person("max", Role.MANAGER)
    if not Holding.objects.exists():
        board = declare_responsibility(by=by, name="board", title="Board", purpose="all", management=True)
        give_responsibility(board, by=by, person=max_.ref, part="accountable", from_on=date(2020, 1, 1))
    said = {"kind": PolicyKind.POLICY, "title": f"Title of {name}", "owner": "P-lea", "audience": Audience.NOBODY}
    made = policies.declare_policy(by=by, name=name, public=public, **said)
    version = policies.submit_policy(policies.draft_policy(made, by=by, text=f"# Title\n\nAbout {name}.", summary="New."), by=by)
    policies.approve_policy(version, by=max_)
    policies.publish_policy(PolicyVersion.objects.get(pk=version.pk), by=by)


def test_it_is_read_in_the_readers_language_or_in_the_one_that_the_address_names(center, stranger):
    german = stranger.get("/trust/", headers={"accept-language": "fr;q=0.9, de-AT;q=0.8, en;q=0.7"})
    assert '<html lang="de">' in german.content.decode() and "Accept-Language" in german.headers["Vary"]
    assert '<a href="/trust/en/" hreflang="en" lang="en">English</a>' in german.content.decode()
    for wanted in ({}, {"accept-language": "fr"}, {"accept-language": "*;;q=x"}, {"accept-language": "en-GB"}):
        assert '<html lang="en">' in stranger.get("/trust/", headers=wanted).content.decode()
    named = stranger.get("/trust/de/documents/acme/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="de">' in named and 'lang="en">How Acme protects data' in named
    assert '<a href="/trust/en/documents/acme/" hreflang="en"' in named
    assert 'hreflang="de" href="/trust/de/promises/acme-1.1/"' in stranger.get("/trust/promises/acme-1.1/").content.decode()
    assert stranger.get("/trust/de/subscribe/").headers["Location"] == "/trust/subscribe/"
    assert stranger.get("/trust/de/trust.css").status_code == 200
    assert (stranger.get("/trust/fr/").status_code, stranger.get("/trust/de/de/").status_code) == (404, 404)
