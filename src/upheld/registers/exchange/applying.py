"""Configuration as code: which sources and records there are. What is missing is made, what differs changed, nothing removed."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from upheld.accounts.person import Person
from upheld.actions.errors import Ill, NoSuchRecord, Refused
from upheld.registers.exchange.bringing import What, bring
from upheld.registers.exchange.columns import columns
from upheld.registers.exchange.finding import register_called
from upheld.registers.exchange.leaving import in_cell
from upheld.registers.exchange.ways import way
from upheld.sources import configured
from upheld.sources.people.sheet import Line, Sheet
from upheld.sources.source import Misconfigured, absolute, kind

SECTIONS = {"sources": {"name", "kind", "settings"}, "records": None}
REGISTER, MAKE = "register", "with"


@dataclass(frozen=True)
class Applied:
    """What came of one thing that the file says, or would: `name` is "source/hr" or a record's, `told` why it is wrong or what changes."""

    name: str
    what: What
    told: tuple[str, ...] = ()


def read(text: str) -> Mapping[str, Any]:
    """Return what the TOML `text` says; raises `Ill` for what is no TOML, or says something that this does not know."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Ill({"": (f"It is not TOML: {error}.",)}) from error
    wrong = [f"There is no section {name!r}; there are {', '.join(SECTIONS)}." for name in said if name not in SECTIONS]
    for name, known in SECTIONS.items():
        wrong += _wrong_with(name, said.get(name, []), known)
    if wrong:
        raise Ill({"": wrong})
    return said


def _wrong_with(name: str, parts: Any, known: set[str] | None) -> Iterator[str]:
    if not isinstance(parts, list) or not all(isinstance(each, dict) for each in parts):
        yield f"Write each of {name} as [[{name}]]."
        return
    for number, each in enumerate(parts, 1):
        needed = ("name", "kind") if known else (REGISTER,)
        yield from (f"[[{name}]] {number} has no {key}." for key in needed if not isinstance(each.get(key), str))
        yield from (f"[[{name}]] {number}: there is no {key!r} here." for key in each if known and key not in known)


def apply(said: Mapping[str, Any], *, by: Person, keep: bool) -> list[Applied]:
    """Make what `said` (from `read`) tells true, as `by`: all of it, or, where one thing is wrong or without `keep`, nothing."""
    with transaction.atomic():
        done = [*map(_source, said.get("sources", [])), *_records(said.get("records", []), by)]
        if not keep or any(each.what is What.WRONG for each in done):
            transaction.set_rollback(True)
    return done


def _source(said: Mapping[str, Any]) -> Applied:
    name, settings = str(said["name"]), {key: str(value) for key, value in said.get("settings", {}).items()}
    about = f"source/{name}"
    try:
        there = next((each for each in configured.in_use() if each.name == name), None)
        if there is None:
            configured.add(name, said["kind"], settings)
            return Applied(about, What.NEW)
        placed = absolute(kind(said["kind"]), settings)
    except Misconfigured as error:
        return Applied(about, What.WRONG, (str(error),))
    if (there.kind, there.settings) == (said["kind"], placed):
        return Applied(about, What.SAME)
    return Applied(about, What.WRONG, ("it is in use with other settings: take it out of use, and add it under another name",))


def _records(said: Sequence[Mapping[str, Any]], by: Person) -> Iterator[Applied]:
    """Bring records of one register that say the same fields together: what one does not say stays as it is."""
    for each in said:
        fields = {name: value for name, value in each.items() if name not in (REGISTER, MAKE)}
        about = f"{each[REGISTER]}/{fields.get('name') or fields.get('number') or '?'}"
        try:
            yield _record(each, fields, by)
        except Refused as error:
            yield Applied(about, What.WRONG, tuple(_words(error)))


def _record(said: Mapping[str, Any], fields: Mapping[str, Any], by: Person) -> Applied:
    register = register_called(said[REGISTER])
    if register is None:
        raise NoSuchRecord(f"There is no register {said[REGISTER]!r}; name one as in governance.contact.")
    how = way(register, str(said.get(MAKE, "")))
    known = {"number", *how.parameters}
    if unknown := [name for name in fields if name not in known]:
        raise Ill({name: (f"There is no such field; there are {', '.join(how.parameters)}.",) for name in unknown})
    sheet = Sheet(list(fields), [Line(1, tuple(in_cell(value) for value in fields.values()))])
    brought = bring(sheet, how, columns(sheet.header, how, {}), by=by, keep=True).brought[0]
    return Applied(brought.record or f"{said[REGISTER]}/{fields.get('name', '?')}", brought.what, brought.told)


def _words(error: Refused) -> Iterator[str]:
    if isinstance(error, Ill):
        yield from (f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in error.fields.items())
    else:
        yield str(error)
