"""Orders in a test: a source of a service of the lab in a workspace of its own, and what came of each."""

from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

import pytest

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.ledger import sequencer
from upheld.sources import configured, journal
from upheld.sources.collecting import collect
from upheld.sources.enforcing import Holder, Order, Verb
from upheld.sources.models import ConfiguredSource, Enforcement
from upheld.sources.source import kind

_numbers = count()
FIRST = "First-7k2m-Battery-x9"  # a first secret


class Came(NamedTuple):
    """What came of an order."""

    outcome: str
    changed: bool | None
    said: str


class Company:
    """A workspace with a ledger, and sources that may be given orders."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        sequencer.init("test.example/ledger/main/1")

    def add(self, name: str, kind_name: str, settings: Mapping[str, str], *, collected: bool = True) -> ConfiguredSource:
        """Put a source into use; its secrets are handed over as the product wants them, and it is read once."""
        told = {}
        secret = {setting.name for setting in kind(kind_name).settings if setting.secret}
        for each, value in settings.items():
            if each in secret:
                self.monkeypatch.setenv(f"SECRET_{name}_{each}", value)
                value = f"env:SECRET_{name}_{each}"
            told[each] = value
        source = configured.add(name, kind_name, told)
        if collected:
            assert collect(source).error == ""
        return source

    def order(self, source: ConfiguredSource, order: Order, *, key: str = "", secret: str = "") -> Came:
        """Ask for `order` and carry it out."""
        done = journal.enforce(source, order, key=key or f"test/{next(_numbers)}", secret=secret).order
        return Came(done.outcome, done.changed, done.said)

    def create(self, source: ConfiguredSource, name: str, *, number: str = "77", key: str = "", secret: str = FIRST) -> Came:
        """Ask for an account `name` of Eve Stone, whose number is `number`, and let it be made."""
        row = journal.intend(source, order("create", name), key=key or f"test/{next(_numbers)}")
        done = journal.carry_out(row, secret=secret, whose=Holder(number, "Eve Stone", "eve@example.org")).order
        return Came(done.outcome, done.changed, done.said)

    def seen(self, source: ConfiguredSource, name: str) -> tuple[object, ...]:
        """Read `source`, and return whose the account `name` is, whether it is on, and whether its secret must be changed."""
        into = Collecting(source.name, ["accounts"] if source.kind == "host" else configured.declared(source), clock.now())
        configured.connect(source).collect(into)
        row = next(row for row in into.seen["accounts"].rows.values() if row["user_name"] == name)
        return row.get("person_ref"), row.get("enabled"), row.get("password_must_change")


def settled(source: ConfiguredSource) -> list[str]:
    """Return the outcomes of all orders to `source`, oldest first."""
    return [row.outcome for row in Enforcement.objects.filter(source=source)]


def order(verb: str, account: str, entitlement: str = "", group_id: str = "") -> Order:
    """Return an order."""
    return Order(Verb(verb), account, entitlement, group_id)
