"""Everything that is made from declarations (registers, actions, fields, choices) is said in German too."""

from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from tests.web.registers.rows import rows_of_every_register
from tests.world import account, browser

import upheld
from upheld.accounts.role import Role
from upheld.actions.declaring import declared
from upheld.actions.kinds import Choice, ListOf
from upheld.actions.models import Record
from upheld.registers.owing import duties
from upheld.registers.recorded import registers

CATALOGUES = Path(upheld.__file__).parent / "locale" / "de" / "LC_MESSAGES"


def known(name: str) -> set[str]:
    with (CATALOGUES / f"{name}.mo").open("rb") as file:
        return {str(key) for key in GNUTranslations(file)._catalog}  # type: ignore[attr-defined]


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def label(name: str) -> str:
    return capital(name.replace("_", " ").removesuffix(" on").removesuffix(" at"))


def of_registers() -> set[str]:
    found = set()
    for model in registers():
        found |= {capital(str(model._meta.verbose_name)), capital(str(model._meta.verbose_name_plural)), *model.pages.values()}
        found |= {label(field.name) for field in model._meta.concrete_fields if field.name not in ("id", "version", "salt")}
        found.add(capital(model.register().partition(".")[0]))
    return found


def of_actions() -> set[str]:
    found = set()
    for action in declared().values():
        found.add(action.title)
        for each in action.parameters:
            found.add(each.label)
            kind = each.kind.each if isinstance(each.kind, ListOf) else each.kind
            if isinstance(kind, Choice):
                found |= {word.value.replace("-", " ").capitalize() for word in kind.words}
    return found


def test_every_register_action_field_and_choice_is_called_something_in_german() -> None:
    wanted = of_registers() | of_actions()
    assert len(wanted) > 1_000
    assert sorted(wanted - known("registers")) == [], "add it to locale/de/LC_MESSAGES/registers.po, and run make catalogues"


def test_every_duty_is_told_in_german() -> None:
    wanted = {duty.do for duty in duties()}
    assert len(wanted) > 30
    assert sorted(wanted - known("django")) == [], "translate it in locale/de/LC_MESSAGES/django.po, and run make catalogues"


class Labels(HTMLParser):
    """What a page says in elements that hold its own words, outside of what is marked as English; data stand in others."""

    OWN = frozenset({"label", "legend", "button", "dt", "summary"})
    VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "option"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool]] = []
        self.found: list[str] = []
        self.feed(page.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        said = dict(attrs)
        english = said.get("lang") == "en" or (bool(self.open) and self.open[-1][1])
        heading = tag == "th" and said.get("scope") == "col"
        self.open.append((tag, english, tag in self.OWN or heading or (tag == "a" and "button" in (said.get("class") or ""))))

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in self.VOID:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        if self.open and self.open[-1][2] and not self.open[-1][1] and text.strip():
            self.found.append(text.strip())


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever is translated stand between «marks», so that what is not can be told."""
    german, made = trans_real.translation("de")._catalog, known("registers")

    def mark(words: str, key: str | tuple[str, int]) -> str:
        return f"«{words}»" if key in german else words

    monkeypatch.setattr(translation._trans, "gettext", lambda words: mark(words, words))
    monkeypatch.setattr(translation._trans, "pgettext", lambda context, words: mark(words, f"{context}\x04{words}"))
    monkeypatch.setattr(translation._trans, "ngettext", lambda one, many, number: mark(one if number == 1 else many, (one, 0)))
    monkeypatch.setattr("upheld.web.said._catalogue", lambda language: Marked(made))


class Marked(NullTranslations):
    def __init__(self, made: set[str]) -> None:
        super().__init__()
        self.made = made

    def gettext(self, message: str) -> str:
        return f"«{message}»" if message in self.made else message


def addresses(rows: dict[type[Record], Record]) -> Iterator[str]:
    """The list and a record of each register, and a form of it."""
    for model, row in rows.items():
        chapter, _, name = model.register().partition(".")
        yield from (f"/registers/{chapter}/{name}/", f"/registers/{chapter}/{name}/{row.pk}/")
    first = {action.register: action for action in reversed(declared().values())}
    for model, action in first.items():
        yield f"/act/{action.name}/" + (f"?record={rows[model].pk}" if action.on is model else "")


def test_the_words_of_every_list_record_and_form_are_german(ledger: object, marked: None) -> None:
    rows = rows_of_every_register()
    here = browser(account("lea", *(role for role in Role if role not in (Role.AUDITOR, Role.CUSTOMER))))
    here.cookies["upheld-language"] = "de"
    wrong, looked = {}, 0
    for path in ("/registers/", *addresses(rows)):
        answer = here.get(path)
        if answer.status_code == 200:
            said = Labels(answer.content.decode()).found
            looked += len(said)
            if english := [each for each in said if "«" not in each and "alert(" not in each]:
                wrong[path] = english
    assert looked > 3_000
    assert wrong == {}


def test_what_has_no_german_is_found(ledger: object, marked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.web.said._catalogue", lambda language: Marked(known("registers") - {"Way", "How", "Title", "Add contact"}))
    here = browser(account("lea", Role.SECURITY_LEAD))
    here.cookies["upheld-language"] = "de"
    said = Labels(here.get("/act/governance.add-contact/").content.decode()).found
    assert [each for each in said if "«" not in each] == ["Title", "How", "Add contact"]
