"""The pages of promises, of the ledger and of evidence say all words of their own in German; data and what is marked as English may not."""

import re

import pytest
from django.utils import translation
from tests.web.conftest import PAGE
from tests.web.registers.test_german import Labels, marked

from upheld.checks.verdict import Outcome, State
from upheld.documents.document import shipped
from upheld.sources.sample import SampleKind
from upheld.web.said import said as named
from upheld.web.wording import counted, figure

__all__ = ["marked"]

PAGES = ("/", "/documents/", "/documents/iso/", "/promises/iso:4.1.4/", "/ledger/", "/evidence/", "/evidence/tables/accounts/", "/nothing/")
INNERMOST = re.compile("«[^«»]*»")
WORD = re.compile(r"[^\W\d_]{2,}")
SHIPPED = "".join(str(document.in_language("de")) for document in shipped())  # what documents promise is no word of a page's own
DATA = set(WORD.findall(SHIPPED)) | {"iso", "UTC", "Deutsch", "English", "directory", "SHA", "ISO", "IEC", "GDPR", "cloud", "access"}


class Everything(Labels):
    """All that a page says outside of what is marked as English or is code."""

    OWN = Labels.OWN | {
        "main",
        "footer",
        "p",
        "h1",
        "h2",
        "h3",
        "a",
        "li",
        "dd",
        "th",
        "td",
        "span",
        "b",
        "strong",
        "figcaption",
        "title",
        "div",
    }
    NOT = frozenset({"code", "pre"})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, [*attrs, ("lang", "en")] if tag in self.NOT else attrs)
        if not (self.open and self.open[-1][1]):
            self.found += [
                value for name, value in attrs if name in ("aria-label", "title", "placeholder") and value and not value[0].isdigit()
            ]


def english_in(page: str) -> set[str]:
    """Return the words of `page` that are neither marked, nor data."""
    said = " ".join(Everything(page).found)
    while said != (shorter := INNERMOST.sub(" ", said)):
        said = shorter
    return set(WORD.findall(said)) - DATA


@pytest.fixture
def in_german(judged, browser, marked):
    failing = Outcome("crm/1", "Alice", False, "still enabled"), Outcome("crm/2", "Bob", True, "fine")
    judged(State.BROKEN, *failing)
    browser.cookies["upheld-language"] = "de"
    return browser


def test_pages_say_nothing_of_their_own_in_english(in_german):
    found = {path: english_in(in_german.get(path).content.decode()) for path in PAGES}
    assert {path: words for path, words in found.items() if words} == {}


def test_english_words_are_found(in_german, monkeypatch):
    monkeypatch.setattr("upheld.web.wording.state", lambda of: of.value)
    assert english_in(in_german.get("/promises/iso:4.1.4/").content.decode()) >= {"broken"}


def test_a_page_in_german_reads_so(judged, browser):
    judged(State.BROKEN, Outcome("crm/1", "Alice", False, "still enabled"))
    browser.cookies["upheld-language"] = "de"
    page = browser.get("/promises/iso:4.1.4/").content.decode()
    assert "gebrochen" in page and "Sie beruht auf" in page and "Von den letzten 365 Tagen: " in page
    assert "Zusagen sind 0 gehalten" in browser.get("/documents/iso/").content.decode()


def test_what_goes_wrong_is_said_in_german(judged, browser):
    judged(State.BROKEN, Outcome("crm/1", "Alice", False, "still enabled"))
    browser.cookies["upheld-language"] = "de"
    for path, said in (
        ("/promises/iso:99/", "Es gibt keine Zusage namens iso:99."),
        ("/registers/governance/contact/99/", "Kontakt 99 gibt es nicht."),
        ("/measures/access/nothing/", "Es gibt keine Maßnahme namens access/nothing."),
    ):
        answer = browser.get(path)
        assert (answer.status_code, said in answer.content.decode()) == (404, True), path


def test_figures_and_the_banner_of_invented_data_are_german_too():
    with translation.override("de"):
        assert (figure(1_412), counted(1_234_567, "row"), named(SampleKind.notice)) == (
            "1.412",
            "1.234.567 Zeilen",
            "Beispieldaten: Diese Firma gibt es nicht.",
        )
    with translation.override("en"):
        assert (figure(1_412), named(SampleKind.notice)) == ("1,412", SampleKind.notice)


def test_the_page_of_a_measure_stays_english_as_a_whole(judged, browser):
    judged(State.BROKEN, Outcome("crm/1", "Alice", False, "still enabled"))
    browser.cookies["upheld-language"] = "de"
    content = browser.get(PAGE).content.decode().partition("<main")[2].partition("</main>")[0]
    assert content.startswith(' id="content" class="wide" lang="en">')
    assert "</span> broken</span>" in content and "gebrochen" not in content
