"""Pages answer for each state, say what to do where there is nothing, and let nothing hostile through."""

import re
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import HOSTILE, MEASURE, PAGE

from upheld import clock
from upheld.checks.verdict import Outcome, State
from upheld.documents import catalogue
from upheld.documents.document import shipped
from upheld.sources import configured
from upheld.verdicts.models import Finding
from upheld.web.security import POLICY

(PROMISE,) = (document.promise("iso:4.1.4").text for document in shipped() if document.id == "iso")
FACT = catalogue.known()[MEASURE].fact
KEYS = '<script src="/static/web/keys.js" defer></script>'  # the one script there is, a file of our own
PAGES = ("/", "/documents/", "/documents/iso/", "/documents/cloud/", "/promises/iso:4.1.4/", "/measures/", PAGE, "/evidence/", "/ledger/")
HOSTILE_PATHS = (
    "/documents/..%2f..%2fetc%2fpasswd/",
    "/documents/%00/",
    "/promises/iso:4.1.4'%20OR%201=1/",
    "/promises/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
    "/measures/../../settings/",
    "/measures/..%2f..%2f/settings/",
    "/measures/authorization/leavers_removed.sql/",
    "/evidence/tables/accounts'/",
    "/nothing/at/all",
)


def leaver(number: int = 1, *, ok: bool | None = False) -> Outcome:
    return Outcome(f"crm/{number}", f"Alice {number}", ok, "still enabled, left on 2026-04-01")


def text(answer) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def test_every_page_answers_in_an_empty_workspace(ledger, browser):
    for path in PAGES:
        answer = browser.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_empty_workspace_says_what_to_do_next(ledger, browser):
    page = text(browser.get("/"))
    assert "Nothing has been checked yet." in page
    assert "upheld source add" in page and "upheld run" in page and "upheld demo" in page
    assert "that nobody fills" not in page
    assert "No source is in use." in text(browser.get("/evidence/"))


def test_once_a_source_is_connected_only_the_run_is_missing(ledger, browser):
    configured.add("sample", "sample", {})
    page = text(browser.get("/"))
    assert "upheld run" in page and "upheld source add" not in page


def test_a_workspace_without_a_ledger_says_how_to_make_one(workspace, browser):
    assert "upheld init" in text(browser.get("/ledger/"))


def test_every_page_says_that_a_sample_is_in_use(ledger, browser):
    configured.add("sample", "sample", {})
    for path in (*PAGES, "/nothing/"):
        assert "Sample data: this company does not exist." in text(browser.get(path)), path


@pytest.mark.parametrize("state", State)
def test_each_state_is_told_by_its_mark_and_its_word(judged, browser, noon, state):
    ok = {State.BROKEN: False, State.UNPROVEN: None}.get(state, True)
    judged(state, leaver(ok=ok), flips_at=noon + timedelta(days=5) if state is State.AT_RISK else None)
    for path in (PAGE, "/promises/iso:4.1.4/", "/documents/iso/", "/measures/"):
        assert f"{state.mark} {state.value}" in text(browser.get(path)), path


def test_a_broken_measure_says_what_was_promised_found_and_since_when(judged, browser):
    judged(State.BROKEN, leaver(1), leaver(2, ok=True))
    page = text(browser.get(PAGE))
    assert f"Promised {FACT}" in page
    assert "Found 1 of 2 accounts fail. Alice 1 still enabled, left on 2026-04-01" in page
    assert "Since 4 May 2026, 12:00 UTC" in page
    assert "iso:4.1.4" in page


def test_today_lists_what_is_broken_with_the_promises_that_rest_on_it(judged, browser):
    judged(State.BROKEN, *[leaver(number) for number in range(5)])
    page = text(browser.get("/"))
    assert "Broken now" in page and "5 of 5 accounts fail." in page and "and 2 more" in page
    assert re.search(r"Of 141 promises, 0 are upheld, \d is broken|are broken", page)


def test_what_will_break_is_told_with_the_instant(judged, browser, noon):
    judged(State.AT_RISK, leaver(ok=True), flips_at=noon + timedelta(days=5), reason="All pass, but not for long.")
    page = text(browser.get("/"))
    assert "Will break" in page and "breaks 9 May 2026, 12:00 UTC" in page
    assert "breaks 9 May 2026 if nothing happens" in text(browser.get(PAGE))


def test_the_history_of_a_measure_is_kept(judged, browser, noon):
    judged(State.UPHELD, leaver(ok=True), at=noon - timedelta(days=9))
    judged(State.BROKEN, leaver(), at=noon)
    page = text(browser.get(PAGE))
    assert "● upheld from 25 April 2026, 12:00 UTC , until 4 May 2026, 12:00 UTC" in page
    assert "upheld on 1 day, broken on 1 day" in page


def test_the_population_can_be_searched_from_the_address(judged, browser):
    judged(State.BROKEN, *[leaver(number, ok=number > 2) for number in range(30)])
    assert "page 1 of 2" in text(browser.get(PAGE))
    assert "page 2 of 2" in text(browser.get(f"{PAGE}?page=2"))
    assert "1 subject, page 1 of 1" in text(browser.get(f"{PAGE}?q=alice+17"))
    assert "3 subjects" in text(browser.get(f"{PAGE}?show=fail"))
    assert "No subject fits." in text(browser.get(f"{PAGE}?q=nobody"))
    assert 'href="?page=2#population"' in browser.get(PAGE).content.decode()


def test_a_document_can_be_filtered_by_state_and_chapter(judged, browser):
    judged(State.BROKEN, leaver())
    everything = text(browser.get("/documents/iso/"))
    broken = text(browser.get("/documents/iso/?state=broken&chapter=authorization"))
    assert PROMISE in broken
    assert len(broken) < len(everything) / 3
    assert "No promise is so." in text(browser.get("/documents/iso/?state=broken&chapter=physical"))
    assert "No promise is so." in text(browser.get(f"/documents/iso/?state={HOSTILE}"))


def test_hostile_names_stay_text(judged, browser):
    judged(State.BROKEN, Outcome(HOSTILE, HOSTILE, False, HOSTILE, more={"since_on": HOSTILE}), reason=f"1 of 1 accounts fails: {HOSTILE}.")
    for path in ("/", PAGE, f"{PAGE}?q={HOSTILE}", "/promises/iso:4.1.4/", "/documents/iso/", f"/documents/iso/?chapter={HOSTILE}"):
        page = browser.get(path).content.decode()
        assert "<script" not in page.replace(KEYS, ""), path
        assert "onload=" not in re.sub(r'"[^"]*"|>[^<]*<', "", page), path


def test_an_address_that_is_nobodys_is_answered_in_words(ledger, browser):
    for path in HOSTILE_PATHS:
        answer = browser.get(path)
        assert (path, answer.status_code) == (path, 404)
        assert "There is no such page" in text(answer)
        assert "<script" not in answer.content.decode().replace(KEYS, "")
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(judged, browser):
    judged(State.BROKEN, leaver())
    for path in PAGES:
        page = browser.get(path).content.decode()
        assert page.count(KEYS) == 1, path
        page = page.replace(KEYS, "")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path


def test_every_page_has_landmarks_one_heading_and_a_way_past_the_menu(judged, browser):
    judged(State.UPHELD, leaver(ok=True))
    for path in PAGES:
        assert_well_made(browser.get(path).content.decode())


def assert_well_made(page: str) -> None:
    assert page.count("<h1") == 1 and page.count("<main") == 1
    assert '<a class="skip" href="#content">' in page and '<html lang="en">' in page
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert all(name in ids for name in re.findall(r'aria-labelledby="([^"]*)"', page))
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_pages_are_for_reading_only(ledger, browser):
    for path in PAGES:
        asked = browser.head(path)
        assert (path, asked.status_code, asked.content) == (path, 200, b"")
        assert browser.post(path).status_code == 405


def test_health_asks_nothing_of_the_database(browser):
    answer = browser.get("/health")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_queries_do_not_grow_with_what_is_shown(judged, browser, noon):
    judged(State.BROKEN, leaver(1))
    configured.add("sample", "sample", {})
    few = {path: queries(browser, path) for path in PAGES}
    assert max(few[path] for path in PAGES if path != "/ledger/") <= 16  # whose root is folded from tiles
    later = noon + timedelta(hours=1)
    judged(State.BROKEN, leaver(1), leaver(2), leaver(3), at=later)
    judged(State.BROKEN, leaver(1), at=later, measure="access/mfa_required")
    judged(State.UPHELD, leaver(1, ok=True), at=later, measure="assets/owned")
    configured.add("sample-2", "sample", {})
    configured.add("sample-3", "sample", {})
    assert {path: queries(browser, path) for path in PAGES} == few


def queries(browser, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_a_failure_is_told_without_asking_the_database(ledger, browser, monkeypatch):
    monkeypatch.setattr("upheld.verdicts.standing.documents", lambda _found: 1 / 0)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something failed here" in text(answer)
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_the_ledger_page_names_nobody(judged, browser):
    judged(State.BROKEN, leaver())
    page = text(browser.get("/ledger/"))
    assert "upheld ledger verify" in page and "test.example/ledger/main/1" in page
    assert "Alice" not in page


def test_the_ledger_can_be_read_backwards(judged, browser, noon):
    for hours in range(30):
        judged(State.BROKEN if hours % 2 else State.UPHELD, leaver(ok=not hours % 2), at=noon + timedelta(hours=hours))
    from upheld.ledger import sequencer

    sequencer.sequence()
    page = browser.get("/ledger/").content.decode()
    (before,) = re.findall(r'href="\?before=(\d+)#entries"', page)
    older = text(browser.get(f"/ledger/?before={before}"))
    assert f" {int(before) - 1} " in older
    for odd in ("0", "-5", "x", "9" * 30, "٣"):
        assert browser.get(f"/ledger/?before={odd}").status_code == 200


def test_the_measure_named_is_the_one_that_promises_rest_on(judged, browser):
    judged(State.UPHELD, leaver(ok=True), measure=MEASURE)
    assert catalogue.known()[MEASURE].title in text(browser.get("/promises/iso:4.1.4/"))


def test_hidden_characters_are_shown_as_escapes_and_stored_as_they_are(judged, browser):
    name = "a\u202eb\x1b[2Jc\x00\u200bd"
    judged(State.BROKEN, Outcome(f"crm/{name}", name, False, "turned \u2066around"), reason=f"{name}.")
    for path in ("/", PAGE, f"{PAGE}?q=%1b%00%e2%80%ae", "/promises/iso:4.1.4/", "/documents/iso/", "/nothing/%1b%e2%80%ae/"):
        page = browser.get(path).content.decode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", page), path
    assert r"a\u202eb\x1b[2Jc\x00\u200bd turned \u2066around" in text(browser.get(PAGE))
    assert "\u202e" in Finding.objects.get().label


def test_dates_are_kept_on_one_line(judged, browser):
    judged(State.BROKEN, Outcome("crm/1", "<i>2026-01-31", False, "left on 2026-04-01, told 2026-04-02T09:00Z; 12026-04-01 is no date"))
    page = browser.get(PAGE).content.decode()
    assert '&lt;i&gt;<span class="date">2026-01-31</span>' in page
    assert 'left on <span class="date">2026-04-01</span>, told <span class="date">2026-04-02</span>T09:00Z; 12026-04-01 is no date' in page


def test_a_measure_whose_evidence_went_stale_is_unproven_on_its_own_page_too(judged, browser, noon):
    judged(State.UPHELD, leaver(ok=True), stale_at=noon + timedelta(days=1))
    with clock.at(noon + timedelta(days=2)):
        page = text(browser.get(PAGE))
    assert "○ unproven" in page and "Nothing is proven now: its evidence went stale on" in page
    assert "● upheld from 4 May 2026, 12:00 UTC" in page
