"""Markup in every field of every action: it stays text on every page, list, form and answer, and nothing fails in the product."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from tests.world import account, browser, person

from upheld.accounts import tokens
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.declaring import Action, declared
from upheld.actions.files import keep_file
from upheld.actions.kinds import Choice, Code, Day, Duration, File, Instant, Kind, ListOf, Number, RecordOf, Somebody, Text, YesNo
from upheld.actions.models import Record
from upheld.registers.recorded import registers

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% now %}"
ROUNDS = 2
ENDS, LATER = ("until_on", "ends_on", "due_on", "expires_on"), "2027-02-01"


class Tags(HTMLParser):
    """Tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        self.found.update(name for name, _ in attrs if name.startswith("on"))


def _newest(model: type[Record]) -> int | None:
    found = model._default_manager.order_by("-pk").first()
    return found.pk if found else None


VALUES: dict[type[Kind], Callable[[Any, int], Any]] = {
    Text: lambda kind, turn: MARKUP[: kind.longest],
    Somebody: lambda kind, turn: ("P-lea", "P-max", MARKUP[:100])[turn % 3],
    Code: lambda kind, turn: f"c{turn}",
    Day: lambda kind, turn: f"2026-0{1 + turn % 4}-01",
    Instant: lambda kind, turn: f"2026-0{1 + turn % 4}-01T10:00Z",
    Choice: lambda kind, turn: list(kind.words)[turn % len(kind.words)].value,
    YesNo: lambda kind, turn: turn % 2 == 0,
    Number: lambda kind, turn: min(kind.most, kind.least + 1),
    Duration: lambda kind, turn: "12 months",
    File: lambda kind, turn: keep_file(MARKUP.encode()).sha256,
    RecordOf: lambda kind, turn: _newest(kind.model),
    ListOf: lambda kind, turn: [one for one in [value(kind.each, turn)] if one is not None],
}


def value(kind: Kind, turn: int) -> Any:
    """A value that `kind` takes, with as much markup as it holds; None where there is none yet."""
    return VALUES[type(kind)](kind, turn)


class Api:
    """Somebody's program, with a token."""

    def __init__(self, who: Account) -> None:
        self.secret = tokens.make(who, name="hostile", only_reads=False, lasts=timedelta(days=1), by=person(who).actor)
        self.client = Client(raise_request_exception=False)

    def act(self, action: Action[..., Any], turn: int) -> int:
        told = [each for each in action.parameters if turn % 2 or each.required]  # only what must be told, then everything
        given = {each.name: LATER if isinstance(each.kind, Day) and each.name in ENDS else value(each.kind, turn) for each in told}
        said: dict[str, Any] = {"given": {name: what for name, what in given.items() if what is not None}}
        if action.on is not None:
            newest = action.on._default_manager.order_by("-pk")[turn % 2 : turn % 2 + 1].first()
            if newest is None:
                return 404
            said["number"] = newest.pk
        headers = {"Authorization": f"Bearer {self.secret}"}
        answer = self.client.post(f"/api/actions/{action.name}", json.dumps(said), content_type="application/json", headers=headers)
        assert answer.status_code in (200, 403, 404, 409, 422), (action.name, said, answer.content)
        return int(answer.status_code)


@pytest.fixture
def everybody(ledger: object) -> list[Account]:
    """People who may do everything between them, so that whoever must be somebody else is."""
    roles = [role for role in Role if role not in (Role.AUDITOR, Role.CUSTOMER)]
    return [account(name, *roles) for name in ("lea", "max")]


def done_by(people: list[Account]) -> Counter[str]:
    """Do every action with markup, some rounds over, and return how often each was done."""
    programs, found = [Api(each) for each in people], Counter[str]()
    for turn in range(ROUNDS):
        for action in declared().values():
            for api in programs[turn % 2 :] + programs[: turn % 2]:
                if api.act(action, turn) == 200:
                    found[action.name] += 1
                    break
    return found


def addresses(made: dict[type[Record], int]) -> Iterator[str]:
    for model, number in made.items():
        chapter, _, name = model.register().partition(".")
        yield from (
            f"/registers/{chapter}/{name}/",
            f"/registers/{chapter}/{name}/?q={quote(MARKUP)}",
            f"/registers/{chapter}/{name}/{number}/",
        )
        yield from (f"/act/{each.name}/?record={number}" for each in declared().values() if each.on is model)
    yield from ("/", "/mine/", "/findings/", "/registers/", f"/search/?q={quote(MARKUP[:25])}", "/search/?q=script")


def test_markup_in_every_field_of_every_action_stays_text(everybody: list[Account]) -> None:
    done = done_by(everybody)
    made = {model: model._default_manager.order_by("-pk").first().pk for model in registers() if model._default_manager.exists()}
    # Not every action takes what means nothing; those that do must be many, or this tries nothing.
    assert len(made) >= 20, f"too few registers hold anything: {sorted(model.register() for model in made)}"
    assert len(done) >= 35, sorted(declared().keys() - done.keys())
    client, marked = browser(everybody[0]), 0
    for path in addresses(made):
        answer = client.get(path)
        assert answer.status_code in (200, 403), (path, answer.status_code)
        page = answer.content.decode()
        tags = Tags()
        tags.feed(page)
        assert tags.found["script"] == 1 and tags.found["img"] == 0 and tags.found["onerror"] == 0, path
        marked += "&lt;script&gt;" in page
    assert marked > len(made) / 2, "markup was hardly shown at all, so nothing was tried"
