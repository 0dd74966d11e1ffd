"""Hostile words in every field of every register and every action: they stay text on every page, form, answer and table.

Everything is tried on one workspace, with a row of each register: 112 registers, and some 260 actions.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.web.registers.rows import MARKUP, OWNER, rows_of_every_register
from tests.world import account, browser

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.declaring import Action, declared
from upheld.actions.files import keep_file
from upheld.actions.kinds import Choice, Code, Day, Duration, File, Instant, Kind, ListOf, Number, RecordOf, Somebody, Text, YesNo
from upheld.actions.models import Record
from upheld.duties.occurrences import materialise

Rows = dict[type[Record], Record]


class Tags(HTMLParser):
    """Tags and attributes that a browser would see, and what stands in its fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        self.found.update(name for name, _ in attrs if name.startswith("on"))

    @property
    def is_clean(self) -> bool:
        return self.found["script"] == 1 and not self.found["img"] and not self.found["onerror"]


VALUES: dict[type[Kind], Callable[[Any, Rows], Any]] = {
    Text: lambda kind, rows: MARKUP[: kind.longest],
    Somebody: lambda kind, rows: OWNER,
    Code: lambda kind, rows: "c1",
    Day: lambda kind, rows: "2026-05-01",
    Instant: lambda kind, rows: "2026-05-01T10:00Z",
    Choice: lambda kind, rows: next(iter(kind.words)).value,
    YesNo: lambda kind, rows: "yes",
    Number: lambda kind, rows: min(kind.most, kind.least + 1),
    Duration: lambda kind, rows: "12 months",
    File: lambda kind, rows: keep_file(MARKUP.encode()).sha256,
    RecordOf: lambda kind, rows: rows[kind.model].pk,
    ListOf: lambda kind, rows: [VALUES[type(kind.each)](kind.each, rows)],
}


def told(action: Action[..., Any], rows: Rows) -> dict[str, Any]:
    """Values for every parameter of `action`, with as much markup as each holds."""
    return {each.name: VALUES[type(each.kind)](each.kind, rows) for each in action.parameters}


def as_typed(given: dict[str, Any]) -> dict[str, Any]:
    """`given` as a form sends it: lists a line each."""
    return {name: "\n".join(map(str, said)) if isinstance(said, list) else said for name, said in given.items()}


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", *(role for role in Role if role not in (Role.AUDITOR, Role.CUSTOMER)))


def addresses(rows: Rows) -> Iterator[str]:
    for model, row in rows.items():
        chapter, _, name = model.register().partition(".")
        yield from (f"/registers/{chapter}/{name}/", f"/registers/{chapter}/{name}/{row.pk}/")
    yield from ("/", "/mine/", "/findings/", "/registers/", f"/search/?q={quote(MARKUP[3:28])}", "/search/?q=script", "/audits/")
    first = {model.register(): row.pk for model, row in rows.items()}
    yield f"/incidents/{first['incidents.incident']}/"
    yield f"/audits/{first['compliance.audit']}/"
    yield f"/policies/{first['governance.policyversion']}/text/"


def test_whatever_is_typed_stays_text(lea: Account) -> None:
    rows, here = rows_of_every_register(), browser(lea)
    materialise(clock.now())  # duties that the rows make, so that My work is full of markup, too
    assert len(rows) > 100 and MARKUP[3:28] in here.get("/mine/").content.decode().replace("&lt;", "<").replace("&gt;", ">")
    pages_stay_text(here, rows)
    forms_stay_text(here, rows)
    tables_hold_no_formula(here, rows)
    strangers_see_nothing(rows)


def pages_stay_text(here: Client, rows: Rows) -> None:
    marked = 0
    for path in addresses(rows):
        answer = here.get(path)
        assert answer.status_code in ((200, 403, 404) if "/sanction/" in path else (200,)), (
            path,
            answer.status_code,
        )  # not even leads see it
        page = answer.content.decode()
        assert Tags(page).is_clean, path
        marked += "&lt;script&gt;" in page
    assert marked > 1.5 * len(rows), "markup was hardly shown at all, so nothing was tried"


def forms_stay_text(here: Client, rows: Rows) -> None:
    """The form of every action, sent with markup by somebody who saw another version of its record: what was typed comes back as text.

    To no record anything is done, and what to do is said.
    """
    shown, crossed = 0, 0
    for action in declared().values():
        where = {"record": rows[action.on].pk} if action.on is not None else {}
        if any(hasattr(action.on, each.name) for each in action.parameters):  # fields that begin with what the record holds
            first = here.get(f"/act/{action.name}/", where)
            assert first.status_code in (200, 403) and Tags(first.content.decode()).is_clean, (action.name, first.status_code)
        before = _as_kept(rows, action)
        sent = here.post(f"/act/{action.name}/", {**as_typed(told(action, rows)), **where, "seen": "99"})
        assert sent.status_code in (302, 400, 403, 409) and (action.on is None or sent.status_code != 302), (action.name, sent.status_code)
        assert _as_kept(rows, action) == before, action.name
        page = sent.content.decode() if sent.status_code != 302 else here.get(sent["Location"]).content.decode()
        assert Tags(page).is_clean, action.name
        shown += "&lt;script&gt;" in page
        crossed += action.on is not None and sent.status_code == 409
    assert shown > 0.7 * len(declared()), f"of {len(declared())} actions only {shown} showed what was typed"
    assert crossed > 0.7 * sum(action.on is not None for action in declared().values()), f"only {crossed} edits crossed"


def _as_kept(rows: Rows, action: Action[..., Any]) -> dict[str, Any] | None:
    """The row that `action` is to be done to, as the database has it."""
    return type(rows[action.on])._default_manager.filter(pk=rows[action.on].pk).values().first() if action.on is not None else None


def tables_hold_no_formula(here: Client, rows: Rows) -> None:
    cells = 0
    for model in rows:
        chapter, _, name = model.register().partition(".")
        answer = here.get(f"/registers/{chapter}/{name}/export.csv")
        assert answer.status_code == 200, name
        written = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        for cell in (cell for line in csv.reader(io.StringIO(written)) for cell in line):
            assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r"), (name, cell)
            cells += "<script>" in cell
    assert cells > 100
    workbook = load_workbook(io.BytesIO(here.get("/registers/assets/asset/export.xlsx").content))
    kinds = {cell.data_type for row in workbook.active.iter_rows() for cell in row if str(cell.value or "").lstrip("'").startswith("=")}  # type: ignore[union-attr]
    assert kinds == {"s"}


def strangers_see_nothing(rows: Rows) -> None:
    charlie, nobody = browser(account("charlie")), browser(None)
    for path in addresses(rows):
        for client in (charlie, nobody):
            answer = client.get(path)
            assert answer.status_code in (200, 302, 403, 404), (path, answer.status_code)
            assert MARKUP[:3].encode() not in answer.content, path  # what was searched for is said again, without its beginning
    for action in declared().values():
        where = {"record": rows[action.on].pk} if action.on is not None else {}
        assert charlie.get(f"/act/{action.name}/", where).status_code == 403, action.name
        said = json.dumps({"given": {}, **({"number": where["record"]} if where else {})})
        assert nobody.post(f"/api/actions/{action.name}", said, content_type="application/json").status_code == 401, action.name
